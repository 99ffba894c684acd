from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Customer")


@_attrs_define
class Customer:
    """Customer"""

    id: str
    """ ID of the customer, always starting with `cst_`. """
    company_name: str | Unset = UNSET
    """ Name of the customer """
    address: str | Unset = UNSET
    """ Street name and number of the customer """
    zip_code: str | Unset = UNSET
    """ Zip code of the customer """
    city: str | Unset = UNSET
    """ City of the customer """
    country_code: str | Unset = UNSET
    """ The two-letter country code (ISO 3166-1 alpha-2) """
    primary_email: str | Unset = UNSET
    """ Primary email of the customer. This will be used to send notification to. """
    phone: None | str | Unset = UNSET
    """ Phone number, if available, including country code. """
    integration: None | str | Unset = UNSET
    """ If the customer is linked to a bookkeeping integration, the ID of the integration is set here. """
    integration_id: None | str | Unset = UNSET
    """ If the customer is linked to a bookkeeping integration, the ID of the customer in the integration is set
    here. """
    customer_groups: list[str] | Unset = UNSET
    """ An array of Customer Group IDs of which this customer is part of """
    created_at: datetime.datetime | Unset = UNSET
    """ Date and time when the customer is added to MijnKlantportaal. Written in ATOM format. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        company_name = self.company_name

        address = self.address

        zip_code = self.zip_code

        city = self.city

        country_code = self.country_code

        primary_email = self.primary_email

        phone: None | str | Unset
        if isinstance(self.phone, Unset):
            phone = UNSET
        else:
            phone = self.phone

        integration: None | str | Unset
        if isinstance(self.integration, Unset):
            integration = UNSET
        else:
            integration = self.integration

        integration_id: None | str | Unset
        if isinstance(self.integration_id, Unset):
            integration_id = UNSET
        else:
            integration_id = self.integration_id

        customer_groups: list[str] | Unset = UNSET
        if not isinstance(self.customer_groups, Unset):
            customer_groups = self.customer_groups

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if company_name is not UNSET:
            field_dict["companyName"] = company_name
        if address is not UNSET:
            field_dict["address"] = address
        if zip_code is not UNSET:
            field_dict["zipCode"] = zip_code
        if city is not UNSET:
            field_dict["city"] = city
        if country_code is not UNSET:
            field_dict["countryCode"] = country_code
        if primary_email is not UNSET:
            field_dict["primaryEmail"] = primary_email
        if phone is not UNSET:
            field_dict["phone"] = phone
        if integration is not UNSET:
            field_dict["integration"] = integration
        if integration_id is not UNSET:
            field_dict["integrationId"] = integration_id
        if customer_groups is not UNSET:
            field_dict["customerGroups"] = customer_groups
        if created_at is not UNSET:
            field_dict["createdAt"] = created_at

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        company_name = d.pop("companyName", UNSET)

        address = d.pop("address", UNSET)

        zip_code = d.pop("zipCode", UNSET)

        city = d.pop("city", UNSET)

        country_code = d.pop("countryCode", UNSET)

        primary_email = d.pop("primaryEmail", UNSET)

        def _parse_phone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone = _parse_phone(d.pop("phone", UNSET))

        def _parse_integration(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        integration = _parse_integration(d.pop("integration", UNSET))

        def _parse_integration_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        integration_id = _parse_integration_id(d.pop("integrationId", UNSET))

        customer_groups = cast(list[str], d.pop("customerGroups", UNSET))

        _created_at = d.pop("createdAt", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)

        customer = cls(
            id=id,
            company_name=company_name,
            address=address,
            zip_code=zip_code,
            city=city,
            country_code=country_code,
            primary_email=primary_email,
            phone=phone,
            integration=integration,
            integration_id=integration_id,
            customer_groups=customer_groups,
            created_at=created_at,
        )

        customer.additional_properties = d
        return customer

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
