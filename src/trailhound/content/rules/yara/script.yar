// Scripts that fetch and run, reverse shells, what makes them start again, and ransom notes. Each rule asks first
// what the file is: a script starts like one; a log that quotes a script starts with a time, a brace,
// an address or a header of its own. Sizes come first: larger files are then not searched at all.
// Licence: Apache-2.0, part of Trailhound.

private rule starts_like_a_record
{
    // The first bytes only: patterns would be looked for in the whole of every log.
    condition:
        filesize > 16 and (
            uint8(0) == 0x7B or uint8(0) == 0x22                                    // { "
            or (uint8(0) == 0x5B and for any c in (0x7B, 0x20, 0x0A, 0x0D, 0x22, 0x5D) : (uint8(1) == c))
            or ((uint8(0) == 0x3C or uint8(0) == 0x5B) and uint8(1) >= 0x30 and uint8(1) <= 0x39)
            or (uint8(0) >= 0x30 and uint8(0) <= 0x39 and (
                uint8(4) == 0x2D or uint8(4) == 0x2F                                // 2026-01 2026/01
                or (uint8(2) == 0x2D and uint8(5) == 0x2D)                          // 05-01-2026
                or (uint8(2) == 0x2F and uint8(5) == 0x2F)                          // 05/01/2026
                or uint8(1) == 0x2E or uint8(2) == 0x2E or uint8(3) == 0x2E         // addresses
                or uint8(1) == 0x3A or uint8(2) == 0x3A                             // 10:15
                or (uint8(5) >= 0x30 and uint8(5) <= 0x39 and uint8(8) >= 0x30 and uint8(8) <= 0x39)))
            or for any word in (
        0x6a616e20, 0x66656220, 0x6d617220, 0x61707220, 0x6d617920, 0x6a756e20,  // jan  | feb  | mar  | apr  | may  | jun 
        0x6a756c20, 0x61756720, 0x73657020, 0x6f637420, 0x6e6f7620, 0x64656320,  // jul  | aug  | sep  | oct  | nov  | dec 
        0x6d6f6e20, 0x74756520, 0x77656420, 0x74687520, 0x66726920, 0x73617420,  // mon  | tue  | wed  | thu  | fri  | sat 
        0x73756e20, 0x6d6f6e2c, 0x7475652c, 0x7765642c, 0x7468752c, 0x6672692c,  // sun  | mon, | tue, | wed, | thu, | fri,
        0x7361742c, 0x73756e2c, 0x656c6666, 0x23736f66, 0x23766572, 0x23666965,  // sat, | sun, | elff | #sof | #ver | #fie
        0x23646174, 0x23736570, 0x23736574, 0x3c657665, 0x3c6c6f67, 0x66726f6d,  // #dat | #sep | #set | <eve | <log | from
        0x72657475, 0x72656365, 0x64656c69, 0x6d696d65, 0x6d657373, 0x64617465,  // retu | rece | deli | mime | mess | date
        0x7375626a, 0x782d6f72, 0x74797065, 0x6e6f6465  // subj | x-or | type | node
            ) : ((uint32be(0) | 0x20202020) == word)
        )
}

private rule starts_like_a_script
{
    condition:
        filesize > 16 and not starts_like_a_record and (
            for any c in (0x24, 0x23, 0x40, 0x26, 0x28, 0x27, 0x3C, 0x09, 0x0A, 0x0D, 0x20) : (uint8(0) == c)
            or uint16be(0) == 0x2F2F or uint16be(0) == 0x2F2A                       // two kinds of comment
            or uint16be(0) == 0xEFBB or uint16be(0) == 0xFFFE                       // byte order marks
            or ((uint32be(0) | 0x20202020) == 0x73746172 and uint8(5) == 0x2D)      // Start-
            or for any word in (
        0x70617261, 0x66756e63, 0x74727920, 0x7472797b, 0x69662028, 0x69662824,  // para | func | try  | try{ | if ( | if($
        0x7768696c, 0x706f7765, 0x70777368, 0x69657820, 0x69657828, 0x69777220,  // whil | powe | pwsh | iex  | iex( | iwr 
        0x69726d20, 0x696e766f, 0x6164642d, 0x7365742d, 0x696d706f, 0x6e65772d,  // irm  | invo | add- | set- | impo | new-
        0x636d6420, 0x636d642e, 0x636c6173, 0x7573696e, 0x7b737973, 0x7b6e6574,  // cmd  | cmd. | clas | usin | [sys | [net
        0x7b726566, 0x7b766f69, 0x7b636f6e, 0x7b617070, 0x64696d20, 0x73657420,  // [ref | [voi | [con | [app | dim  | set 
        0x6f6e2065, 0x6f707469, 0x636f6e73, 0x73756220, 0x76617220, 0x6c657420,  // on e | opti | cons | sub  | var  | let 
        0x72656d20, 0x62617368, 0x7368202d, 0x7a736820, 0x65786563, 0x6e6f6875,  // rem  | bash | sh - | zsh  | exec | nohu
        0x6e63202d, 0x6e636174, 0x6d6b6669, 0x726d202d, 0x70797468, 0x7065726c,  // nc - | ncat | mkfi | rm - | pyth | perl
        0x70687020, 0x72756279, 0x736f6361, 0x75736520, 0x2f62696e, 0x2f757372,  // php  | ruby | soca | use  | /bin | /usr
        0x2f746d70  // /tmp
            ) : ((uint32be(0) | 0x20202020) == word)
        )
}

rule powershell_download_and_run
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f05"
        description = "PowerShell script that fetches code and runs it"
        author = "Trailhound"
        severity = "medium"
        nature = "ioc"
        attack = "T1059.001 T1105"
        falsepositives = "Installers that are run straight from the web"
    strings:
        $fetch = /\.Download(String|Data|File)\s{0,4}\(/ nocase
        $fetch_command = /\b(Invoke-WebRequest|Invoke-RestMethod|iwr|irm|Start-BitsTransfer)\b[^\n]{1,200}http/ nocase
        $run = /\b(IEX|Invoke-Expression)\b/ nocase
        $load = /\[(System\.)?Reflection\.Assembly\]::Load\s{0,4}\(/ nocase
        $hidden = /-(w|win|wind|windowstyle)\s{1,4}(h|hidden|1)\b/ nocase
        $start = /\b(Start-Process|rundll32|regsvr32|mshta)\b/ nocase
    condition:
        filesize < 1MB and starts_like_a_script and
        (($fetch or $fetch_command) and ($run or $load or ($hidden and $start)))
}

rule script_downloader
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f06"
        description = "VBScript, JScript or HTML application that fetches a program and starts it"
        author = "Trailhound"
        severity = "medium"
        nature = "ioc"
        attack = "T1059.005 T1105 T1218.005"
        falsepositives = "Log-on scripts that install software"
    strings:
        $shell = /WScript\.Shell|Shell\.Application/ nocase
        $fetch = /MSXML2\.(Server)?XMLHTTP|Microsoft\.XMLHTTP|WinHttp\.WinHttpRequest|bitsadmin|certutil|DownloadFile|DownloadString/ nocase
        $save = /ADODB\.Stream|Scripting\.FileSystemObject|-urlcache|\/transfer|DownloadFile|DownloadString/ nocase
        $run = /\.(Run|Exec|ShellExecute)\b/ nocase
        $address = /https?:\/\//  nocase
    condition:
        filesize < 1MB and starts_like_a_script and all of ($shell, $fetch, $save, $run, $address)
}

rule html_application_with_shell
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f07"
        description = "HTML application that starts a program"
        author = "Trailhound"
        severity = "medium"
        nature = "ioc"
        attack = "T1218.005"
        falsepositives = "Installers and administration tools written as HTML applications"
    strings:
        $hta = "<hta:application" nocase
        $object = /(CreateObject|new ActiveXObject)\s{0,4}\(\s{0,4}["'](WScript\.Shell|Shell\.Application)/ nocase
        $run = /\.(Run|Exec|ShellExecute)\b/ nocase
        $program = /powershell|cmd(\.exe)?\s{1,4}\/c|mshta|rundll32|regsvr32|certutil|bitsadmin/ nocase
    condition:
        filesize < 1MB and starts_like_a_script and $hta and $object and $run and $program
}

rule linux_reverse_shell
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f08"
        description = "Script that hands a shell to another computer"
        author = "Trailhound"
        severity = "high"
        nature = "ioc"
        attack = "T1059.004"
        falsepositives = "Course material and test scripts of security teams"
    strings:
        $tcp = /\b(ba|z|k)?sh -i\b[^\n]{0,40}\/dev\/(tcp|udp)\/[^\n]{4,80}/
        $tcp_fd = /exec \d{1,3}<>\s{0,2}\/dev\/tcp\//
        $netcat = /\b(nc|ncat|netcat|nc\.traditional)\b[^\n]{0,60} (-e|-c|--exec) {0,2}["']?(\/bin\/)?(ba)?sh\b/
        $fifo = /mkfifo [^\n]{1,60}\|\s{0,4}(\/bin\/)?(ba)?sh -i [^\n]{0,40}\|\s{0,4}(nc|ncat|openssl)\b/
        $socat = /socat [^\n]{0,80}exec:["']?[^\n]{0,20}(ba)?sh/ nocase
        $dup = /os\.dup2\s{0,2}\(\s{0,2}\w{1,16}\.fileno\s{0,2}\(\s{0,2}\)/
        $spawn = /(pty\.spawn|subprocess\.(call|run|Popen))\s{0,2}\(\s{0,2}\[?["'](\/bin\/)?(ba)?sh/
        $perl = /socket\(S,\s{0,2}PF_INET/
        $perl_exec = /exec\s{0,2}[\(\{]\s{0,2}["']\/bin\/(ba)?sh/
    condition:
        filesize < 256KB and starts_like_a_script and
        (any of ($tcp, $tcp_fd, $netcat, $fifo, $socat) or ($dup and $spawn) or ($perl and $perl_exec))
}

rule cron_fetch_and_run
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f09"
        description = "Cron table that fetches a script and runs it"
        author = "Trailhound"
        severity = "high"
        nature = "ioc"
        attack = "T1053.003"
        falsepositives = "Home-made update jobs"
    strings:
        $fetch = /(^|\n)(@(reboot|hourly|daily|weekly)|([0-9*\/,-]{1,16}\s{1,8}){5})[^\n]{0,200}\b(curl|wget|lwp-download)\b[^\n]{0,300}(\|\s{0,4}(\/bin\/)?(ba|da)?sh\b|;\s{0,4}(chmod|(\/bin\/)?(ba)?sh)\b)/
        $decode = /(^|\n)(@(reboot|hourly|daily|weekly)|([0-9*\/,-]{1,16}\s{1,8}){5})[^\n]{0,200}base64 (-d|--decode)[^\n]{0,300}\|\s{0,4}(\/bin\/)?(ba|da)?sh\b/
        $tcp = /(^|\n)(@(reboot|hourly|daily|weekly)|([0-9*\/,-]{1,16}\s{1,8}){5})[^\n]{0,200}\/dev\/tcp\//
    condition:
        filesize < 256KB and not starts_like_a_record and any of them
}

rule systemd_unit_from_a_writable_folder
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f0a"
        description = "Service whose program lies in a folder that everybody may write, or comes from the web"
        author = "Trailhound"
        severity = "medium"
        nature = "ioc"
        attack = "T1543.002"
        falsepositives = "Units of developers and test machines"
    strings:
        $service = "[Service]"
        $folder = /\nExecStart=[-@:+!]{0,3}(\/(tmp|var\/tmp|dev\/shm)\/\S{1,120})/
        $web = /\nExecStart=[^\n]{0,200}\b(curl|wget)\b[^\n]{1,300}\|\s{0,4}(\/bin\/)?(ba)?sh\b/
        $tcp = /\nExecStart=[^\n]{0,200}\/dev\/tcp\//
    condition:
        filesize < 64KB and (uint8(0) == 0x5B or uint8(0) == 0x23) and not starts_like_a_record and $service and any of ($folder, $web, $tcp)
}

rule scheduled_task_with_hidden_powershell
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f0b"
        description = "Definition of a Windows task that starts a hidden or encoded PowerShell"
        author = "Trailhound"
        severity = "medium"
        nature = "ioc"
        attack = "T1053.005 T1059.001"
        falsepositives = "Management agents"
    strings:
        $task = /<Task\s[^>]{0,80}version=/ ascii wide
        $command = /<Command>[^<]{0,200}(powershell|pwsh|mshta|wscript|cscript)/ ascii wide nocase
        $hidden = /<Arguments>[^<]{0,400}(-w\w{0,12}\s{1,4}(h\w{0,6}|1)\b|-e(c|nc\w{0,12})?\s{1,4}[A-Za-z0-9+\/]{40}|javascript:|vbscript:|https?:)/ ascii wide nocase
    condition:
        filesize < 256KB and $task in (0..512) and $command and $hidden
}

rule ransom_note
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f0d"
        description = "Note that demands payment for encrypted or stolen files"
        author = "Trailhound"
        severity = "critical"
        nature = "ioc"
        attack = "T1486"
        falsepositives = "Articles and training material about ransomware"
    strings:
        $files = /\b(all (of )?)?your (important |personal )?(files|documents|data|network|servers|systems|infrastructure|backups)\b/ ascii wide nocase
        $harm = /\b(encrypted|locked|stolen|exfiltrated|downloaded)\b/ ascii wide nocase
        $price = /\b(bitcoins?|BTC|monero|XMR|cryptocurrency|ransom|payment)\b/ ascii wide nocase
        $cure = /\bdecrypt(or|ion|ed|ing)?\b/ ascii wide nocase
        $onion = /[a-z2-7]{16,56}\.onion\b/ ascii wide nocase
        $contact = /\b(tor browser|torproject\.org|tox id|qtox|personal id|your id|session id|decryption id)\b/ ascii wide nocase
        $threat = /\b(do not|don't|never) (try to |attempt to )?(rename|modify|delete|recover|decrypt|contact|use third)/ ascii wide nocase
    condition:
        filesize < 64KB and not starts_like_a_record and $files and $harm and $cure and
        2 of ($price, $onion, $contact, $threat) and ($onion or $contact)
}
