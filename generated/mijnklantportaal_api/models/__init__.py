"""Contains all the data models used in inputs/outputs"""

from .customer import Customer
from .customer_page import CustomerPage

__all__ = (
    "Customer",
    "CustomerPage",
)
