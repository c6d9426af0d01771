"""What the version resources of well-known programs say; Sysmon copies them into its events."""
# ruff: noqa: E501 - a table reads best unbroken

from __future__ import annotations

_OS = "Microsoft\u00ae Windows\u00ae Operating System"
_MS = "Microsoft Corporation"
_BUILD = "10.0.22621.4391 (WinBuild.160101.0800)"

_WINDOWS = {
    "cmd.exe": ("Windows Command Processor", "Cmd.Exe"),
    "powershell.exe": ("Windows PowerShell", "PowerShell.EXE"),
    "svchost.exe": ("Host Process for Windows Services", "svchost.exe"),
    "services.exe": ("Services and Controller app", "services.exe"),
    "explorer.exe": ("Windows Explorer", "EXPLORER.EXE"),
    "lsass.exe": ("Local Security Authority Process", "lsass.exe"),
    "taskhostw.exe": ("Host Process for Windows Tasks", "taskhostw.exe"),
    "userinit.exe": ("Userinit Logon Application", "USERINIT.EXE"),
    "runtimebroker.exe": ("Runtime Broker", "RuntimeBroker.exe"),
    "dllhost.exe": ("COM Surrogate", "dllhost.exe"),
    "backgroundtaskhost.exe": ("Background Task Host", "backgroundTaskHost.exe"),
    "searchprotocolhost.exe": ("Microsoft Windows Search Protocol Host", "SearchProtocolHost.exe"),
    "splwow64.exe": ("Print driver host for applications", "splwow64.exe"),
    "conhost.exe": ("Console Window Host", "CONHOST.EXE"),
    "rundll32.exe": ("Windows host process (Rundll32)", "RUNDLL32.EXE"),
    "reg.exe": ("Registry Console Tool", "reg.exe"),
    "net.exe": ("Net Command", "net.exe"),
    "net1.exe": ("Net Command", "net1.exe"),
    "whoami.exe": ("whoami - displays logged on user information", "whoami.exe"),
    "nltest.exe": ("Microsoft Logon Server Test Utility", "nltestrk.exe"),
    "ipconfig.exe": ("IP Configuration Utility", "ipconfig.exe"),
    "gpupdate.exe": ("Microsoft Group Policy Update Utility", "GPUpdate.exe"),
    "vssadmin.exe": (
        "Command Line Interface for Microsoft Volume Shadow Copy Service",
        "VSSADMIN.EXE",
    ),
    "wevtutil.exe": ("Eventing Command Line Utility", "wevtutil.exe"),
    "ntdsutil.exe": ("NT5DS", "ntdsutil.exe"),
    "wmiprvse.exe": ("WMI Provider Host", "Wmiprvse.exe"),
    "wmic.exe": ("WMI Commandline Utility", "wmic.exe"),
    "schtasks.exe": ("Task Scheduler Configuration Tool", "schtasks.exe"),
    "bcdedit.exe": ("Boot Configuration Data Editor", "bcdedit.exe"),
    "robocopy.exe": ("Microsoft Robocopy", "robocopy.exe"),
    "msiexec.exe": ("Windows\u00ae installer", "msiexec.exe"),
    "mpcmdrun.exe": ("Microsoft Malware Protection Command Line Utility", "MpCmdRun.exe"),
    "compattelrunner.exe": ("Microsoft Compatibility Telemetry", "CompatTelRunner.exe"),
    "usoclient.exe": ("UsoClient", "UsoClient.exe"),
    "mstsc.exe": ("Remote Desktop Connection", "mstsc.exe"),
    "mmc.exe": ("Microsoft Management Console", "mmc.exe"),
    "comsvcs.dll": ("COM+ Services", "COMSVCS.DLL"),
    "amsi.dll": ("Anti-Malware Scan Interface", "amsi.dll"),
    "perfos.dll": ("Windows System Performance Objects DLL", "PERFOS.DLL"),
    "wbemcomn.dll": ("WMI", "wbemcomn.dll"),
}
_OTHERS = {
    "chrome.exe": ("130.0.6723.92", "Google Chrome", "Google Chrome", "Google LLC", "chrome.exe"),
    "updater.exe": ("131.0.6776.0", "GoogleUpdater (x64)", "GoogleUpdater", "Google LLC", "updater.exe"),
    "ms-teams.exe": ("24295.605.3225.8804", "Microsoft Teams", "Microsoft Teams", _MS, "ms-teams.exe"),
    "msedgewebview2.exe": (
        "130.0.2849.56", "Microsoft Edge WebView2", "Microsoft Edge WebView2", _MS, "msedgewebview2.exe"),
    "onedrive.exe": ("24.206.1013.0004", "Microsoft OneDrive", "Microsoft OneDrive", _MS, "OneDrive.exe"),
    "onedrivestandaloneupdater.exe": (
        "24.206.1013.0004", "Standalone Updater", "Microsoft OneDrive", _MS, "OneDriveStandaloneUpdater.exe"),
    "outlook.exe": ("16.0.18025.20160", "Microsoft Outlook", "Microsoft Outlook", _MS, "Outlook.exe"),
    "winword.exe": ("16.0.18025.20160", "Microsoft Word", "Microsoft Office", _MS, "WinWord.exe"),
    "excel.exe": ("16.0.18025.20160", "Microsoft Excel", "Microsoft Office", _MS, "Excel.exe"),
    "officeclicktorun.exe": (
        "16.0.18025.20160", "Microsoft Office Click-to-Run (SxS)", "Microsoft Office", _MS,
        "OfficeClickToRun.exe"),
    "acrobat.exe": ("24.3.20180.0", "Adobe Acrobat", "Adobe Acrobat", "Adobe Systems Incorporated", "Acrobat.exe"),
    "7z.exe": ("24.08", "7-Zip Console", "7-Zip", "Igor Pavlov", "7z.exe"),
    "rclone.exe": ("1.68.1", "Rclone", "Rclone", "https://rclone.org", "rclone.exe"),
    "psexec.exe": ("2.43", "Execute processes remotely", "Sysinternals PsExec",
                   "Sysinternals - www.sysinternals.com", "psexec.c"),
    "psexesvc.exe": ("2.43", "PsExec Service", "Sysinternals PsExec",
                     "Sysinternals - www.sysinternals.com", "psexesvc.exe"),
    "ccmexec.exe": ("5.00.9128.1007", "Host Process for Microsoft Configuration Manager",
                    "System Center Configuration Manager", _MS, "CcmExec.exe"),
    "agentexecutor.exe": ("1.82.105.0", "AgentExecutor", "Microsoft Intune Management Extension", _MS,
                          "AgentExecutor.exe"),
}  # fmt: skip

IMAGES = {
    n: (_BUILD, about, _OS, _MS, original) for n, (about, original) in _WINDOWS.items()
} | _OTHERS
"""File version, description, product, company, original file name; by lower-case file name."""
