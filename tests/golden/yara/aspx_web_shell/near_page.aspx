<%@ Page Language="C#" %>
<% string id = Request.QueryString["id"];
Response.Write(Server.HtmlEncode(id)); %>
