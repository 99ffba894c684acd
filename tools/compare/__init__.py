"""What differs: between two documents, and between document, client and API."""
