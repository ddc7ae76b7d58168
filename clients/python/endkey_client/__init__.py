"""An independent client of the Endkey protocol, written from its specification: section numbers are the document's."""
