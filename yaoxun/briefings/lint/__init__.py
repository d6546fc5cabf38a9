"""The check of a finished Word document, ours or anyone's, against the standard, the habits of writing and its own figures."""
