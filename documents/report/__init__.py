"""The yearly report and its companions: drawn from tables of figures as DOCX, plots and XLSX."""
