<%@ page import="java.util.*" %>
<% String q = request.getParameter("q"); out.print(q.length()); %>
