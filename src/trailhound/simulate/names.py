"""Names that the synthetic company, its people and the world around it are made of."""

from __future__ import annotations

DOMAIN = "acme.example"
WINDOWS_DOMAIN = "ACME"
FOREST = "corp.acme.example"
TENANT = "6f1f2c4e-6b0a-4c57-9d3e-2a8f5b7c9d10"
DOMAIN_SID = "S-1-5-21-1409082311-2052111302-839522115"
AWS_ACCOUNT = "111122223333"
AWS_REGION = "eu-central-1"
WORKSPACE_DOMAIN = "acme-design.example"
NEWCOMER = "n.newcomer"
PARTNERS = (
    "brandt-steel.example",
    "northwind-parts.example",
    "lund-logistics.example",
    "marek-tools.example",
    "kessler-legal.example",
    "ostsee-freight.example",
    "alpine-bearings.example",
    "vega-finance.example",
    "haas-insurance.example",
)

FIRST_NAMES = [
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Elif",
    "Felix",
    "Greta",
    "Hannes",
    "Ines",
    "Jonas",
    "Katrin",
    "Lukas",
    "Mara",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Simon",
    "Tessa",
    "Uwe",
    "Vera",
    "Walter",
    "Yasmin",
    "Zoe",
    "Adem",
    "Birgit",
    "Carsten",
    "Dilara",
    "Emil",
    "Fatma",
    "Georg",
    "Helena",
    "Ivan",
    "Jana",
    "Kamil",
    "Lea",
    "Mateo",
    "Nora",
    "Oskar",
    "Petra",
    "Rafael",
    "Selma",
    "Till",
    "Ursula",
    "Viktor",
    "Wanda",
    "Aylin",
    "Bruno",
    "Celine",
    "Dennis",
]
LAST_NAMES = [
    "Meyer",
    "Schulz",
    "Wagner",
    "Becker",
    "Hoffmann",
    "Koch",
    "Richter",
    "Klein",
    "Wolf",
    "Neumann",
    "Schwarz",
    "Zimmermann",
    "Braun",
    "Krueger",
    "Hofmann",
    "Lange",
    "Schmitt",
    "Werner",
    "Krause",
    "Meier",
    "Lehmann",
    "Schmid",
    "Schulze",
    "Maier",
    "Koehler",
    "Herrmann",
    "Walter",
    "Koenig",
    "Mayer",
    "Huber",
    "Kaiser",
    "Fuchs",
    "Peters",
    "Lang",
    "Scholz",
    "Moeller",
    "Weiss",
    "Jung",
    "Hahn",
    "Vogel",
    "Keller",
    "Frank",
    "Berger",
    "Winkler",
    "Roth",
    "Beck",
    "Lorenz",
    "Baumann",
    "Franke",
    "Albrecht",
    "Demir",
    "Yilmaz",
    "Novak",
    "Kowalski",
    "Rossi",
    "Jensen",
    "Larsen",
    "Dubois",
    "Petrov",
    "Silva",
]

DEPARTMENTS = (
    ("FIN", "Finance", 4),
    ("SAL", "Sales", 7),
    ("ENG", "Engineering", 7),
    ("ITS", "IT", 3),
    ("MGT", "Management", 2),
    ("HRD", "Human Resources", 2),
)
"""Prefix of the computers' names, title, and weight."""

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
EDGE = CHROME + " Edg/130.0.0.0"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
SAFARI_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
LINUX_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

SITES = (
    ("www.google.com", 9, 2500, 90_000),
    ("outlook.office.com", 9, 6000, 160_000),
    ("teams.microsoft.com", 8, 9000, 120_000),
    ("acme.sharepoint.com", 6, 8000, 240_000),
    ("login.microsoftonline.com", 4, 5000, 60_000),
    ("www.bing.com", 3, 1800, 70_000),
    ("cdn.jsdelivr.net", 3, 900, 180_000),
    ("fonts.gstatic.com", 3, 700, 45_000),
    ("github.com", 2, 3000, 220_000),
    ("www.linkedin.com", 2, 4500, 380_000),
    ("news.daily-herald.example", 3, 2200, 900_000),
    ("shop.office-supplies.example", 1, 3500, 410_000),
    ("portal.northwind-parts.example", 2, 5200, 150_000),
    ("tracking.ostsee-freight.example", 2, 1600, 40_000),
    ("video.streaming.example", 1, 4000, 6_500_000),
    ("www.bahn.example", 1, 3000, 260_000),
    ("banking.vega-finance.example", 1, 7000, 90_000),
    ("update.googleapis.com", 1, 1500, 12_000),
    ("settings-win.data.microsoft.com", 2, 900, 6_000),
    ("v10.events.data.microsoft.com", 3, 9_000, 800),
)
"""Host, popularity, usual bytes sent, usual bytes received over TLS."""

PLAIN_SITES = (
    (
        "ctldl.windowsupdate.com",
        "/msdownload/update/v3/static/trustedr/en/disallowedcertstl.cab",
        "Microsoft-CryptoAPI/10.0",
        "application/vnd.ms-cab-compressed",
        7_000,
    ),
    (
        "download.windowsupdate.com",
        "/d/msdownload/update/software/secu/2026/10/windows10.0-kb5046613.cab",
        "Microsoft-Delivery-Optimization/10.0",
        "application/vnd.ms-cab-compressed",
        900_000,
    ),
    (
        "ocsp.digicert.com",
        "/MFEwTzBNMEswSTAJBgUrDgMCGgUABBQ50otx",
        "Microsoft-CryptoAPI/10.0",
        "application/ocsp-response",
        471,
    ),
    ("www.msftconnecttest.com", "/connecttest.txt", "Microsoft NCSI", "text/plain", 22),
    (
        "edgedl.me.gvt1.com",
        "/edgedl/release2/chrome_component/acdxq.crx3",
        "Microsoft BITS/7.8",
        "application/x-chrome-extension",
        160_000,
    ),
    ("intranet.corp.acme.example", "/news", CHROME, "text/html", 24_000),
)
"""Host, path, user agent, MIME type and size of what still travels without TLS."""

DOCUMENTS = (
    "Offer 2026-{n}.docx",
    "Budget {n}.xlsx",
    "Minutes {n}.docx",
    "Price list {n}.xlsx",
    "Drawing {n}.pdf",
    "Contract {n}.pdf",
    "Forecast {n}.xlsx",
    "Order {n}.pdf",
    "Customer list {n}.xlsx",
    "Payroll {n}.xlsx",
    "Roadmap {n}.pptx",
    "Travel {n}.docx",
)
SHARES = ("Finance", "Sales", "Engineering", "Public", "HR")
