Dim s
Set s = CreateObject("WScript.Shell")
s.Run "net use h: \\files\home", 0
