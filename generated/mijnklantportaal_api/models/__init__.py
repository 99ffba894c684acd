"""Contains all the data models used in inputs/outputs"""

from .customer import Customer
from .list_customers_response_200 import ListCustomersResponse200

__all__ = (
    "Customer",
    "ListCustomersResponse200",
)
