"""File Request API (bestandsverzoek)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    STRING,
    IdOf,
    ListOf,
    ModelOf,
)
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..._unset import UNSET, Unset
from ..models.file_request import FileRequest
from ..models.requested_file_input import RequestedFileInput, RequestedFileInputDict

_LIST: Operation[Page[FileRequest]] = Operation(
    id="list-file-requests",
    name="file_requests.list",
    method="GET",
    path="/file-requests",
    reader=PageOf(ModelOf(FileRequest)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    inferred=(
        "nullability",
        "property types",
        "required list",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/list-file-requests",
)
_CREATE: Operation[FileRequest] = Operation(
    id="create-file-request",
    name="file_requests.create",
    method="POST",
    path="/file-requests",
    reader=ModelOf(FileRequest),
    body=(
        Argument("name", "name", STRING, required=True),
        Argument("description", "description", STRING),
        Argument("customer_id", "customerId", IdOf("cst_")),
        Argument("directory_id", "directoryId", IdOf("fsd_")),
        Argument("requested_files", "requestedFiles", ListOf(ModelOf(RequestedFileInput), most=10), required=True),
    ),
    encoding="json",
    statuses=frozenset(
        {
            "201",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "nullability",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/create-file-request",
)
_GET: Operation[FileRequest] = Operation(
    id="get-file-request",
    name="file_requests.get",
    method="GET",
    path="/file-requests/{requestId}",
    reader=ModelOf(FileRequest),
    path_parameters=(PathParameter("request_id", "requestId", "frq_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    inferred=(
        "nullability",
        "property types",
        "required list",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/get-file-request",
)


class FileRequests(Resource):
    """File Request API (bestandsverzoek)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[FileRequest]:
        """List File Requests (bestandsverzoek).

        All File Requests, paginated.

        Partly inferred, not documented: nullability, property types, required list.

        Args:
            page: Number of the first page to read, from 1.
            prefetch: How many pages are fetched ahead while the objects are used; 0 for none.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            A pager: `await` it for the first page, `async for` every object, or `.collect()` a list.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/list-file-requests
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        name: str,
        requested_files: Sequence[RequestedFileInput | RequestedFileInputDict],
        description: str | Unset = UNSET,
        customer_id: str | Unset = UNSET,
        directory_id: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> FileRequest:
        """Create File Request (bestandsverzoek).

        Ask a customer for files, or create a public link to ask for them.

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            name: Name that identifies the request in the manage portal.
            requested_files: Files to ask for, at most 10 per File Request.
            description: Optional reason, shown to the uploader. Not sent unless given.
            customer_id: Customer to ask; leave out to get a public link. An ID with the prefix `cst_`. Not sent
                unless given.
            directory_id: Directory that receives the uploads; leave out for the root of the file system. An ID
                with the prefix `fsd_`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new File Request.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/create-file-request
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "description": description,
                "customer_id": customer_id,
                "directory_id": directory_id,
                "requested_files": requested_files,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        request_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> FileRequest:
        """Get File Request (bestandsverzoek).

        One File Request by ID.

        Partly inferred, not documented: nullability, property types, required list.

        Args:
            request_id: File Request ID. An ID with the prefix `frq_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The File Request.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/get-file-request
        """
        return await self._call(_GET, (request_id,), {}, {}, (extra_query, extra_body, extra_headers))


class FileRequestsWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[FileRequest]]:
        """List File Requests (bestandsverzoek).

        All File Requests, paginated.

        Partly inferred, not documented: nullability, property types, required list.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/list-file-requests
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        name: str,
        requested_files: Sequence[RequestedFileInput | RequestedFileInputDict],
        description: str | Unset = UNSET,
        customer_id: str | Unset = UNSET,
        directory_id: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[FileRequest]:
        """Create File Request (bestandsverzoek).

        Ask a customer for files, or create a public link to ask for them.

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            name: Name that identifies the request in the manage portal.
            requested_files: Files to ask for, at most 10 per File Request.
            description: Optional reason, shown to the uploader. Not sent unless given.
            customer_id: Customer to ask; leave out to get a public link. An ID with the prefix `cst_`. Not sent
                unless given.
            directory_id: Directory that receives the uploads; leave out for the root of the file system. An ID
                with the prefix `fsd_`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/create-file-request
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "description": description,
                "customer_id": customer_id,
                "directory_id": directory_id,
                "requested_files": requested_files,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        request_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[FileRequest]:
        """Get File Request (bestandsverzoek).

        One File Request by ID.

        Partly inferred, not documented: nullability, property types, required list.

        Args:
            request_id: File Request ID. An ID with the prefix `frq_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-request-api/get-file-request
        """
        return await self._raw(_GET, (request_id,), {}, {}, (extra_query, extra_body, extra_headers))
