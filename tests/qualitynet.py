"""What the source document prints of QualityNet."""

DESTINATIONS = "Choose Your QualityNet Destination"
CENTER = "QIES Business Intelligence Center"
PROGRAMS = (
    "End-Stage Renal Disease Quality Reporting System",
    "Ambulatory Surgical Center Quality Reporting Program",
    "PPS-Exempt Cancer Hospital Quality Reporting Program",
    "Inpatient Hospital Quality Reporting Program",
    "Inpatient Psychiatric Facility Quality Reporting Program",
    "Outpatient Hospital Quality Reporting Program",
    "Physician Quality Reporting System",
    "Quality Improvement Organizations",
    CENTER,
)
