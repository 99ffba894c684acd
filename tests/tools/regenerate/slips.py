"""Documents with one realistic mistake each: the change to a valid document, and the expected note."""

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
    """Add keywords; `in_` and `ref` stand for `in` and `$ref`."""
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


def reference_cycle(document: Json) -> None:
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

# The name, the change, and part of the expected note; empty if nothing is lost or adjusted.
SLIPS: list[tuple[str, Callable[[Json], None], str]] = [
    ("version as a number", put(root, openapi=3.1), "version 3.1 treated as 3.1.1"),
    ("version 3.2", put(root, openapi="3.2.0"), "version 3.2.0 treated as 3.1.1"),
    (
        "a method of 3.2",
        put(lambda d: paths(d)[CUSTOMERS], query={"responses": {}}),
        "this OpenAPI 3.2 keyword",
    ),
    ("no info", take(root, "info"), "missing"),
    ("info.version as a number", put(lambda d: d["info"], version=1), "not a string"),
    ("no servers", take(root, "servers"), "server set to https://api.mijnklantportaal.nl/v1"),
    (
        "server variables",
        put(
            root,
            servers=[{"url": "https://{h}.mijnklantportaal.nl/v1", "variables": {"h": {"default": "api"}}}],
        ),
        "server set to https://api.",
    ),
    ("a relative server", put(root, servers=[{"url": "/v1"}]), "server set to https://api."),
    ("webhooks", put(root, webhooks={"paid": {"post": {"responses": {}}}}), "cannot receive requests"),
    ("callbacks", put(get, callbacks={"on": {}}), "`callbacks` is ignored"),
    ("servers of an operation", put(get, servers=[{"url": "https://x.nl"}]), "`servers` is ignored"),
    ("security of an operation", put(get, security=[{"OAuth": []}]), "`security` is ignored"),
    ("a path without a slash", moved(paths, "/customer-groups", "customer-groups"), "leading slash added"),
    ("a path without operations", put(paths, **{"/empty": None}), "has no operations"),
    ("required inside a property", put(field("city"), required=True), "moved to the parent's list"),
    ("required as a string", put(lambda d: schemas(d)["Customer"], required="city"), "treated as a list"),
    (
        "required names a field twice",
        put(lambda d: schemas(d)["Customer"], required=["city", "city"]),
        "duplicate names",
    ),
    ("an array without items", take(field("customerGroups"), "items"), "array without valid `items`"),
    ("items as a list", put(field("customerGroups"), items=[{"type": "string"}]), "one of its `items`"),
    ("type: file", put(lambda d: body(d)["properties"], logo={"type": "file"}), "type `file` treated as"),
    ("type: int", put(field("city"), type="int"), "type `int` treated as integer"),
    ("type: String", put(field("city"), type="String"), "type `String` treated as string"),
    ("type: datetime", put(field("city"), type="datetime", example=None), "type `datetime` treated as"),
    ("type: strong", put(field("city"), type="strong"), "invalid: "),
    ("minLength: -1", put(field("city"), minLength=-1), "invalid: "),
    ("maximum as a word", put(field("city"), maximum="ten"), "invalid: "),
    ("an empty enum", put(lambda d: body(d)["properties"]["city"], enum=[]), ""),
    (
        "properties as a list",
        put(lambda d: schemas(d)["CustomerGroup"], properties=[{"name": "id"}]),
        "invalid: ",
    ),
    ("a description that is a list", put(field("city"), description=["a"]), "invalid: "),
    ("an operation without responses", take(one, "responses"), "no success response is documented"),
    (
        "only errors are documented",
        put(one, responses={"404": {"description": ""}}),
        "no success response is documented",
    ),
    (
        "a response without content",
        take(lambda d: one(d)["responses"]["200"], "content"),
        "no content is documented",
    ),
    (
        "a status in lower case",
        moved(lambda d: one(d)["responses"], "200", "2xx"),
        "status `2xx` treated as 2XX",
    ),
    (
        "a status with words",
        moved(lambda d: one(d)["responses"], "200", "200 OK"),
        "status `200 OK` treated as 200",
    ),
    (
        "a schema beside content",
        lambda d: one(d)["responses"].update({"200": {"schema": media(d)["application/json"]["schema"]}}),
        "outside `content`",
    ),
    ("a charset", moved(media, "application/json", "application/json; charset=utf-8"), "media type `"),
    ("a wildcard", moved(media, "application/json", "*/*"), "media type `"),
    ("another media type", moved(media, "application/json", "application/xml"), "Unsupported content_type"),
    (
        "a media type without a schema",
        take(lambda d: media(d)["application/json"], "schema"),
        "without a schema",
    ),
    ("an envelope by reference", envelope_by_reference, ""),
    ("an envelope by allOf", envelope_by_all_of, ""),
    ("an envelope with 2XX", moved(lambda d: get(d)["responses"], "200", "2XX"), "treated as 200"),
    (
        "an envelope with a charset",
        moved(
            lambda d: get(d)["responses"]["200"]["content"],
            "application/json",
            "application/json;charset=utf-8",
        ),
        "media type `",
    ),
    (
        "page declared by upstream",
        parameter({"name": "page", "in": "query", "schema": {"type": "integer"}}, path=CUSTOMERS),
        "",
    ),
    ("a type beside the parameter", parameter({**QUERY, "type": "integer"}), "keywords beside it"),
    (
        "a parameter with content",
        parameter({**QUERY, "content": {"application/json": {"schema": {}}}}),
        "`content` instead of `schema`",
    ),
    ("a parameter without a schema", parameter(QUERY), "lacks `schema`"),
    (
        "a parameter declared twice",
        parameter({**QUERY, "schema": {}}, {**QUERY, "schema": {}}),
        "declared twice",
    ),
    ("a parameter without a name", parameter({"in": "query"}), "without a name"),
    (
        "a parameter in formData",
        parameter({"name": "q", "in": "formData", "schema": {}}),
        "treated as a query parameter",
    ),
    (
        "a header that HTTP sets",
        parameter({"name": "Authorization", "in": "header", "schema": {}}),
        "set by the client",
    ),
    (
        "deepObject",
        parameter({**QUERY, "style": "deepObject", "schema": {"type": "object"}}),
        "is sent in the default style",
    ),
    (
        "explode: false",
        parameter({**QUERY, "explode": False, "schema": LIST}),
        "is sent in the default style",
    ),
    (
        "parameters as a mapping",
        put(one, parameters={"customerId": {"in": "path", "schema": {"type": "string"}}}),
        "is a mapping",
    ),
    ("a path parameter that is not required", take(id_, "required"), "treated as required"),
    ("a path parameter that is not declared", take(one, "parameters"), "undeclared path parameter"),
    ("a misspelt path parameter", put(id_, name="custmerId"), "`custmerId` renamed to `customerId`"),
    (
        "a stray path parameter",
        parameter({"name": "other", "in": "path", "schema": {"type": "string"}}),
        "does not occur in the path",
    ),
    (
        "a default of another type",
        parameter({**QUERY, "schema": {"type": "integer", "default": "ten"}}),
        "the default",
    ),
    ("an enum of several types", parameter({**QUERY, "schema": {"enum": ["a", 1]}}), "of mixed types"),
    ("an enum in a response", put(field("city"), enum=["a", "b"]), "new values may appear"),
    (
        "an unresolvable reference",
        put(fields, city={"$ref": "#/components/schemas/City"}),
        "treated as any value",
    ),
    (
        "a reference out of the document",
        put(fields, city={"$ref": "city.yaml#/City"}),
        "treated as any value",
    ),
    ("a reference cycle", reference_cycle, "treated as any value"),
    (
        "a reference of Swagger 2",
        put(fields, group={"$ref": "#/definitions/CustomerGroup"}),
        "treated as #/components",
    ),
    ("equal operationIds", put(one, operationId="list-customers"), "is not unique"),
    ("colliding operationIds", put(one, operationId="create_customer"), "is not unique"),
    ("no operationId", take(one, "operationId"), "operationId set to"),
    ("customers under another tag", put(get, tags=["Relations"]), "the wrapper imports"),
    ("customers under another operationId", put(get, operationId="customers.index"), "the wrapper imports"),
    ("tags as a string", put(one, tags="Customers API"), "`tags` treated as a list"),
    (
        "schemas that differ by case",
        put(schemas, customer={"type": "object"}),
        "another class uses that name",
    ),
    ("a schema called File", put(schemas, File={"type": "object"}), "the generated code uses that name"),
    ("a schema called Unset", put(schemas, Unset={"type": "object"}), "the generated code uses that name"),
    ("a schema with an envelope's name", put(schemas, CustomerPage={"type": "object"}), "another class"),
    ("a schema with a body's name", put(schemas, CreateCustomerBody={"type": "object"}), "another class"),
    (
        "createdAt is renamed",
        without_created_at,
        "matches nothing",
    ),
    (
        "properties with the same Python name",
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
