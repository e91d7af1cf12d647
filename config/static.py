"""Static files: under hashed names once collected, under their own names before."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedOnceCollected(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """A page is worth more than a file's hash: what `collectstatic` has not seen keeps its own name."""

    def stored_name(self, name: str) -> str:
        known = self.hash_key(self.clean_name(name)) in self.hashed_files
        return str(super().stored_name(name)) if known else name
