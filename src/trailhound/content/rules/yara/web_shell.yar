// Web shells, by what a page must be to run: it starts as a page, and feeds what a visitor sends into
// the interpreter or a command. A log that quotes the same text does not start like a page.
// Licence: Apache-2.0, part of Trailhound.

rule php_web_shell
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f01"
        description = "PHP page that runs what a visitor sends"
        author = "Trailhound"
        severity = "high"
        nature = "ioc"
        attack = "T1505.003"
        falsepositives = "Administration panels that offer a console on purpose"
    strings:
        $page = /(\xEF\xBB\xBF)?(GIF8[79]a[^\n]{0,16}\s{0,8}|\s{0,64}(<!--[^\n]{0,80}-->\s{0,8})?)<\?(php|=|\s)/ nocase
        $html = /\s{0,64}<(!doctype|html|head|body|form|title|pre)\b/ nocase
        $tag = "<?php" nocase
        $run = /\b(eval|assert|system|exec|shell_exec|passthru|popen|proc_open|create_function)\s{0,4}\(\s{0,4}@?(base64_decode|gzinflate|str_rot13|stripslashes|trim)?\s{0,4}\(?\s{0,4}@?\$_(GET|POST|REQUEST|COOKIE|SERVER)\b/ nocase
        $callback = /\b(array_map|array_filter|call_user_func|usort|register_shutdown_function)\s{0,4}\([^;\n]{0,80}\$_(GET|POST|REQUEST|COOKIE)\b/ nocase
        $name = /\$_(GET|POST|REQUEST|COOKIE)\s{0,4}\[[^\]\n]{1,32}\]\s{0,4}\(\s{0,4}@?\$_(GET|POST|REQUEST|COOKIE)\b/ nocase
        $packed = /\b(eval|assert)\s{0,4}\(\s{0,4}@?(gzinflate|gzuncompress|str_rot13|base64_decode)\s{0,4}\(\s{0,4}@?(base64_decode|str_rot13|gzinflate|strrev)?\s{0,4}\(?\s{0,4}["'][A-Za-z0-9+\/=]{120}/ nocase
    condition:
        filesize < 2MB and ($page at 0 or ($html at 0 and $tag)) and any of ($run, $callback, $name, $packed)
}

rule aspx_web_shell
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f02"
        description = "ASP or ASP.NET page that runs what a visitor sends"
        author = "Trailhound"
        severity = "high"
        nature = "ioc"
        attack = "T1505.003"
        falsepositives = "Administration panels that offer a console on purpose"
    strings:
        $page = /(\xEF\xBB\xBF)?\s{0,64}(<!--[^\n]{0,80}-->\s{0,8})?<(%|script[^>]{0,80}runat)/ nocase
        $eval = /\b(eval|execute|executeglobal)\s{0,4}\(?\s{0,4}(System\.Text\.Encoding[^;\n]{0,80})?\(?request\b/ nocase
        $input = /\brequest\s{0,4}(\.\s{0,4}(form|querystring|item|params|cookies|headers))?\s{0,4}[\[\(]/ nocase
        $start = /\bProcess(StartInfo)?\b[^;\n]{0,40}[\(\.]/ nocase
        $start_shell = /["'](cmd(\.exe)?|powershell(\.exe)?|\/bin\/sh|c:\\+windows\\+system32\\+cmd\.exe)["']/ nocase
        $wscript = /CreateObject\s{0,4}\(\s{0,4}["']WScript\.Shell["']/ nocase
        $exec = /\.(exec|run)\s{0,4}\(/ nocase
        $load = /Assembly\.Load\s{0,4}\(/ nocase
        $decode = /FromBase64String|RijndaelManaged|Request\.BinaryRead/ nocase
    condition:
        filesize < 1MB and $page at 0 and
        ($eval or ($input and $start and $start_shell) or ($input and $wscript and $exec) or ($load and $decode and $input) )
}

rule jsp_web_shell
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f03"
        description = "JSP page that runs what a visitor sends"
        author = "Trailhound"
        severity = "high"
        nature = "ioc"
        attack = "T1505.003"
        falsepositives = "Administration panels that offer a console on purpose"
    strings:
        $page = /(\xEF\xBB\xBF)?\s{0,64}(<!--[^\n]{0,80}-->\s{0,8})?(<%|<jsp:|<\?xml[^\n]{0,80}\n?\s{0,8}<jsp:)/ nocase
        $input = /request\s{0,4}\.\s{0,4}get(Parameter|Header|InputStream|Reader)\s{0,4}\(/
        $exec = /getRuntime\s{0,4}\(\s{0,4}\)\s{0,4}\.\s{0,4}exec\s{0,4}\(/
        $builder = /new\s{1,4}ProcessBuilder\s{0,4}\(/
        $define = /\bdefineClass\s{0,4}\(/
        $loader = /extends\s{1,4}ClassLoader/
    condition:
        filesize < 1MB and $page at 0 and $input and ($exec or $builder or ($define and $loader))
}

rule private_key_in_a_web_folder
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f04"
        description = "Private key where a web server may hand it out"
        author = "Trailhound"
        severity = "low"
        nature = "ioc"
        attack = "T1552.004"
        falsepositives = "Test keys; folders that the server does not serve"
    strings:
        $key = /\s{0,16}-----BEGIN ((RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----/
        $putty = "PuTTY-User-Key-File-"
    condition:
        filesize < 64KB and ($key at 0 or $putty at 0) and
        filepath matches /(^|[\/!])(www|htdocs|public_html|wwwroot|webroot|inetpub|html)[\/!]/i
}
