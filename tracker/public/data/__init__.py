"""The public record as data: tables in files for programs and spreadsheets, and what their columns mean."""
