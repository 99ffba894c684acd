"""An SDK in Stainless's style: model, page and client as it writes them, on the base client of `openai`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Generic, TypeVar

import httpx2
import openai
import pydantic
from openai._base_client import BasePage, BaseSyncPage, PageInfo, SyncAPIClient, make_request_options
from openai._models import BaseModel

ERRORS = (openai.OpenAIError, httpx2.HTTPError, pydantic.ValidationError)
T = TypeVar("T")


class Customer(BaseModel):
    id: str
    address: str | None = None
    city: str | None = None
    company_name: str | None = pydantic.Field(alias="companyName", default=None)
    country_code: str | None = pydantic.Field(alias="countryCode", default=None)
    created_at: datetime | None = pydantic.Field(alias="createdAt", default=None)
    customer_groups: list[str] | None = pydantic.Field(alias="customerGroups", default=None)
    integration: str | None = None
    integration_id: str | None = pydantic.Field(alias="integrationId", default=None)
    phone: str | None = None
    primary_email: str | None = pydantic.Field(alias="primaryEmail", default=None)
    zip_code: str | None = pydantic.Field(alias="zipCode", default=None)


class SyncNumberedPage(BaseSyncPage[T], BasePage[T], Generic[T]):
    data: list[T]
    current_page: int | None = None
    next_page_url: str | None = None

    def _get_page_items(self) -> list[T]:
        return self.data or []

    def next_page_info(self) -> PageInfo | None:
        if not self.next_page_url:
            return None
        return PageInfo(params={"page": (self._options.params.get("page") or 1) + 1})


class Portal(SyncAPIClient):
    def __init__(self, api_key: str, base_url: str) -> None:
        super().__init__(version="1.0.0", base_url=base_url, _strict_response_validation=False)
        self.api_key = api_key

    def _auth_headers(self, security: object) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}"}

    def _make_status_error(self, err_msg, *, body, response):
        return openai.APIStatusError(err_msg, response=response, body=body)

    def list_customers(self) -> SyncNumberedPage[Customer]:
        return self.get_api_list(
            "/customers",
            model=Customer,
            page=SyncNumberedPage[Customer],
            options=make_request_options(query={"page": 1}),
        )


def customers(base_url: str, api_key: str) -> Iterator[str]:
    with Portal(api_key=api_key, base_url=base_url) as portal:
        for customer in portal.list_customers():
            yield customer.id
