$url = "https://example.org/tool.zip"
Invoke-WebRequest $url -OutFile tool.zip
Expand-Archive tool.zip
