"""Words in the public record: folded alike when they are kept and when they are looked for."""
