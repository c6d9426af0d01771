// Programs and documents that intruders leave behind.
// Licence: Apache-2.0, part of Trailhound.

rule mimikatz
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f0c"
        description = "Mimikatz, a reader of credentials, as program, script or its output"
        author = "Trailhound"
        severity = "critical"
        nature = "ioc"
        attack = "T1003.001"
        falsepositives = "Folders of security teams; signatures of other scanners"
    strings:
        $name = "mimikatz" ascii wide nocase
        $author = "gentilkiwi" ascii wide nocase
        $sekurlsa = "sekurlsa::" ascii wide nocase
        $lsadump = "lsadump::" ascii wide nocase
        $kerberos = "kerberos::" ascii wide nocase
        $privilege = "privilege::debug" ascii wide nocase
        $module = "kuhl_m_" ascii wide
        $banner = /\s{0,64}(\xEF\xBB\xBF)?\.#####\.\s{1,8}mimikatz \d/
        $invoke = "Invoke-Mimikatz" nocase
        $reflect = "ReflectivePE" nocase
        $log = "Using 'mimikatz.log' for logfile"
    condition:
        filesize < 16MB and (
        (uint16(0) == 0x5A4D and (3 of ($name, $author, $sekurlsa, $lsadump, $kerberos, $privilege) or ($module and $name)))
        or $banner at 0
        or ($log and $sekurlsa and filesize < 4MB and $log in (0..200))
        or (filesize < 8MB and (uint8(0) == 0x23 or uint16be(0) == 0x3C23 or (uint32be(0) | 0x20202020) == 0x66756e63) and $invoke and ($sekurlsa or $reflect)))
}

rule shortcut_that_starts_a_script
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f0e"
        description = "Windows shortcut that starts a hidden or downloading script"
        author = "Trailhound"
        severity = "high"
        nature = "ioc"
        attack = "T1204.002 T1059.001"
        falsepositives = "Shortcuts of administrators"
    strings:
        $program = /powershell|pwsh|mshta|wscript|cscript|rundll32|cmd(\.exe)?\s{1,4}\/[ckv]/ ascii wide nocase
        $trait = /-w\w{0,12}\s{1,4}(h\w{0,6}|1)\b|-e(c|nc\w{0,12})?\s{1,4}[A-Za-z0-9+\/]{24}|https?:\/\/|DownloadString|DownloadFile|\bIEX\b|Invoke-|FromBase64|javascript:|vbscript:|certutil|bitsadmin/ ascii wide nocase
    condition:
        filesize < 4MB and uint32(0) == 0x0000004C and uint32(4) == 0x00021401 and $program and $trait
}

rule office_macro_that_starts_by_itself
{
    meta:
        id = "4b0a6b0e-8d06-4d9e-8a43-6c9b6a0a1f0f"
        description = "Office macro that runs when the document opens and starts a program or fetches one"
        author = "Trailhound"
        severity = "medium"
        nature = "ioc"
        attack = "T1204.002 T1059.005"
        falsepositives = "Business macros that start other programs"
    strings:
        $project = "Attribute VB_" ascii
        $project_stream = "_VBA_PROJECT" wide
        $auto = /\b(Auto_?Open|Auto_?Exec|Auto_?Close|Document_?Open|Document_Close|Workbook_Open|Workbook_Activate)\b/ ascii nocase
        $shell = /WScript\.Shell|Shell\.Application|Win32_Process|ShellExecute|\bShell\s{0,2}\(|powershell|cmd(\.exe)? \/c|mshta|regsvr32|certutil/ ascii nocase
        $fetch = /URLDownloadToFile|MSXML2\.|WinHttp|ADODB\.Stream|https?:\/\//  ascii nocase
    condition:
        filesize < 16MB and uint32(0) == 0xE011CFD0 and any of ($project, $project_stream) and $auto and ($shell or ($fetch and #fetch > 1))
}
