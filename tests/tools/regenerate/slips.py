"""Documents with one realistic slip each: what is changed in a good one, and what must be said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any
CUSTOMERS, CUSTOMER = "/customers", "/customers/{customerId}"


def op(document: Json, path: str = CUSTOMERS, method: str = "get") -> Json:
    return document["paths"][path][method]


def fields(document: Json) -> Json:
    return document["components"]["schemas"]["Customer"]["properties"]


def body(document: Json) -> Json:
    return op(document, CUSTOMERS, "post")["requestBody"]["content"]["application/json"]["schema"]


def put(where: Callable[[Json], Json], **more: Any) -> Callable[[Json], None]:
    """Add keywords; those that are no Python names go by `in_` and `ref`."""
    renamed = {"in_": "in", "ref": "$ref"}

    def change(document: Json) -> None:
        where(document).update({renamed.get(key, key): value for key, value in more.items()})

    return change


def take(where: Callable[[Json], Json], *names: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        for name in names:
            del where(document)[name]

    return change


def field(name: str) -> Callable[[Json], Json]:
    return lambda document: fields(document)[name]


def parameter(*given: Json, path: str = CUSTOMER) -> Callable[[Json], None]:
    return lambda document: op(document, path).setdefault("parameters", []).extend(given)


def media(document: Json) -> Json:
    return op(document, CUSTOMER)["responses"]["200"]["content"]


def moved(where: Callable[[Json], Json], old: str, new: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        where(document)[new] = where(document).pop(old)

    return change


def envelope_by_reference(document: Json) -> None:
    answer = op(document)["responses"]["200"]["content"]["application/json"]
    document["components"]["schemas"]["Page"] = answer["schema"]
    answer["schema"] = {"$ref": "#/components/schemas/Page"}


def envelope_by_all_of(document: Json) -> None:
    answer = op(document)["responses"]["200"]["content"]["application/json"]
    data = answer["schema"]["properties"].pop("data")
    document["components"]["schemas"]["Page"] = answer["schema"]
    own = {"type": "object", "properties": {"data": data}}
    answer["schema"] = {"allOf": [{"$ref": "#/components/schemas/Page"}, own]}


def circle(document: Json) -> None:
    document["components"]["schemas"] |= {
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"$ref": "#/components/schemas/A"},
    }
    fields(document)["city"] = {"$ref": "#/components/schemas/A"}


def without_created_at(document: Json) -> None:
    for schema in schemas(document).values():
        schema.get("properties", {}).pop("createdAt", None)


def get(document: Json) -> Json:
    return op(document)


def one(document: Json) -> Json:
    return op(document, CUSTOMER)


def id_(document: Json) -> Json:
    return one(document)["parameters"][0]


def root(document: Json) -> Json:
    return document


def schemas(document: Json) -> Json:
    return document["components"]["schemas"]


def paths(document: Json) -> Json:
    return document["paths"]


QUERY = {"name": "q", "in": "query"}
LIST = {"type": "array", "items": {"type": "string"}}

# The name of the slip, the change, and what is said; nothing is where nothing is lost or read differently.
SLIPS: list[tuple[str, Callable[[Json], None], str]] = [
    ("version as a number", put(root, openapi=3.1), "the version 3.1 as 3.1.1"),
    ("version 3.2", put(root, openapi="3.2.0"), "the version 3.2.0 as 3.1.1"),
    ("a method of 3.2", put(lambda d: paths(d)[CUSTOMERS], query={"responses": {}}), "OpenAPI 3.2's"),
    ("no info", take(root, "info"), "missing"),
    ("info.version as a number", put(lambda d: d["info"], version=1), "no string"),
    ("no servers", take(root, "servers"), "the server as https://api.mijnklantportaal.nl/v1"),
    (
        "server variables",
        put(
            root,
            servers=[{"url": "https://{h}.mijnklantportaal.nl/v1", "variables": {"h": {"default": "api"}}}],
        ),
        "the server as https://api.",
    ),
    ("a relative server", put(root, servers=[{"url": "/v1"}]), "the server as https://api."),
    ("webhooks", put(root, webhooks={"paid": {"post": {"responses": {}}}}), "does not receive any"),
    ("callbacks", put(get, callbacks={"on": {}}), "callbacks are left out"),
    ("servers of an operation", put(get, servers=[{"url": "https://x.nl"}]), "`servers` are ignored"),
    ("security of an operation", put(get, security=[{"OAuth": []}]), "`security` is ignored"),
    ("a path without a slash", moved(paths, "/customer-groups", "customer-groups"), "begins with a slash"),
    ("a path that holds nothing", put(paths, **{"/empty": None}), "holds no operations"),
    ("required inside a property", put(field("city"), required=True), "as said of the field"),
    ("required as a string", put(lambda d: schemas(d)["Customer"], required="city"), "as a list"),
    (
        "required names a field twice",
        put(lambda d: schemas(d)["Customer"], required=["city", "city"]),
        "twice",
    ),
    ("an array without items", take(field("customerGroups"), "items"), "a list without `items`"),
    ("items as a list", put(field("customerGroups"), items=[{"type": "string"}]), "no schema"),
    ("type: file", put(lambda d: body(d)["properties"], logo={"type": "file"}), "the type `file`"),
    ("type: int", put(field("city"), type="int"), "the type `int` as integer"),
    ("type: String", put(field("city"), type="String"), "the type `String` as string"),
    ("type: datetime", put(field("city"), type="datetime", example=None), "the type `datetime`"),
    ("type: strong", put(field("city"), type="strong"), "validation"),
    ("minLength: -1", put(field("city"), minLength=-1), "validation"),
    ("maximum as a word", put(field("city"), maximum="ten"), "validation"),
    ("an empty enum", put(lambda d: body(d)["properties"]["city"], enum=[]), ""),
    (
        "properties as a list",
        put(lambda d: schemas(d)["CustomerGroup"], properties=[{"name": "id"}]),
        "validation",
    ),
    ("a description that is a list", put(field("city"), description=["a"]), "validation"),
    ("an operation without answers", take(one, "responses"), "no success is documented"),
    (
        "only errors are documented",
        put(one, responses={"404": {"description": ""}}),
        "no success is documented",
    ),
    ("an answer without content", take(lambda d: one(d)["responses"]["200"], "content"), "not documented"),
    ("a status in lower case", moved(lambda d: one(d)["responses"], "200", "2xx"), "the status 2xx as 2XX"),
    (
        "a status with words",
        moved(lambda d: one(d)["responses"], "200", "200 OK"),
        "the status 200 OK as 200",
    ),
    (
        "a schema beside content",
        lambda d: one(d)["responses"].update({"200": {"schema": media(d)["application/json"]["schema"]}}),
        "beside `content`",
    ),
    ("a charset", moved(media, "application/json", "application/json; charset=utf-8"), "the media type"),
    ("a wildcard", moved(media, "application/json", "*/*"), "the media type"),
    ("another media type", moved(media, "application/json", "application/xml"), "Unsupported content_type"),
    (
        "a media type without a schema",
        take(lambda d: media(d)["application/json"], "schema"),
        "without a schema",
    ),
    ("an envelope by reference", envelope_by_reference, ""),
    ("an envelope by allOf", envelope_by_all_of, ""),
    ("an envelope with 2XX", moved(lambda d: get(d)["responses"], "200", "2XX"), "as that of 200"),
    (
        "an envelope with a charset",
        moved(
            lambda d: get(d)["responses"]["200"]["content"],
            "application/json",
            "application/json;charset=utf-8",
        ),
        "the media type",
    ),
    (
        "page declared by upstream",
        parameter({"name": "page", "in": "query", "schema": {"type": "integer"}}, path=CUSTOMERS),
        "",
    ),
    ("a type beside the parameter", parameter({**QUERY, "type": "integer"}), "beside `schema`"),
    (
        "a parameter with content",
        parameter({**QUERY, "content": {"application/json": {"schema": {}}}}),
        "with `content`",
    ),
    ("a parameter without a schema", parameter(QUERY), "without a `schema`"),
    ("a parameter twice", parameter({**QUERY, "schema": {}}, {**QUERY, "schema": {}}), "declared twice"),
    ("a parameter without a name", parameter({"in": "query"}), "without a name"),
    (
        "a parameter in the body of old",
        parameter({"name": "q", "in": "formData", "schema": {}}),
        "one of the query",
    ),
    (
        "a header of HTTP's own",
        parameter({"name": "Authorization", "in": "header", "schema": {}}),
        "the client's own",
    ),
    ("deepObject", parameter({**QUERY, "style": "deepObject", "schema": {"type": "object"}}), "is sent as"),
    ("explode: false", parameter({**QUERY, "explode": False, "schema": LIST}), "is sent as"),
    (
        "parameters as a mapping",
        put(one, parameters={"customerId": {"in": "path", "schema": {"type": "string"}}}),
        "a mapping",
    ),
    ("a path parameter that is not required", take(id_, "required"), "as required"),
    ("a path parameter that is not declared", take(one, "parameters"), "not declared"),
    ("a misspelt path parameter", put(id_, name="custmerId"), "`custmerId` as `customerId`"),
    (
        "a stray path parameter",
        parameter({"name": "other", "in": "path", "schema": {"type": "string"}}),
        "does not have",
    ),
    (
        "a default of another type",
        parameter({**QUERY, "schema": {"type": "integer", "default": "ten"}}),
        "the default",
    ),
    ("an enum of several types", parameter({**QUERY, "schema": {"enum": ["a", 1]}}), "of several types"),
    ("an enum in an answer", put(field("city"), enum=["a", "b"]), "as those of today"),
    (
        "a reference that leads nowhere",
        put(fields, city={"$ref": "#/components/schemas/City"}),
        "as any value",
    ),
    ("a reference out of the document", put(fields, city={"$ref": "city.yaml#/City"}), "as any value"),
    ("references in a circle", circle, "as any value"),
    (
        "a reference of Swagger 2",
        put(fields, group={"$ref": "#/definitions/CustomerGroup"}),
        "as #/components",
    ),
    ("equal operationIds", put(one, operationId="list-customers"), "another operation has it"),
    ("colliding operationIds", put(one, operationId="create_customer"), "another operation has it"),
    ("no operationId", take(one, "operationId"), "its operationId as"),
    ("customers under another tag", put(get, tags=["Relations"]), "the wrapper calls it"),
    ("customers under another operationId", put(get, operationId="customers.index"), "the wrapper calls it"),
    ("tags as a string", put(one, tags="Customers API"), "`tags` as a list"),
    ("schemas that differ by case", put(schemas, customer={"type": "object"}), "another class has that name"),
    ("a schema called File", put(schemas, File={"type": "object"}), "the generated code uses that name"),
    ("a schema called Unset", put(schemas, Unset={"type": "object"}), "the generated code uses that name"),
    ("a schema called as an envelope", put(schemas, CustomerPage={"type": "object"}), "another class"),
    ("a schema called as a body", put(schemas, CreateCustomerBody={"type": "object"}), "another class"),
    (
        "createdAt is renamed",
        without_created_at,
        "matches nothing",
    ),
    (
        "properties of the same name in Python",
        put(fields, **{"zip-code": {"type": "string"}, "zip.code": {"type": "string"}}),
        "",
    ),
    ("a new optional field", put(fields, vatNumber={"type": "string"}), ""),
    (
        "a nullable reference",
        put(fields, group={"$ref": "#/components/schemas/CustomerGroup", "nullable": True}),
        "`nullable`",
    ),
    (
        "a body without a schema",
        put(lambda d: op(d, CUSTOMERS, "post")["requestBody"], content={"application/json": {}}),
        "without a schema",
    ),
    (
        "a body in XML",
        moved(lambda d: op(d, CUSTOMERS, "post")["requestBody"]["content"], "application/json", "text/xml"),
        "Unsupported content type",
    ),
]
