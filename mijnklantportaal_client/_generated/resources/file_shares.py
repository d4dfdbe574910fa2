"""File Share API (gedeelde bestanden)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    IdOf,
    ListOf,
    ModelOf,
)
from ..._operation import Argument, Operation
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..._unset import UNSET, Unset
from ..models.file_share import FileShare

_LIST: Operation[Page[FileShare]] = Operation(
    id="list-file-shares",
    name="file_shares.list",
    method="GET",
    path="/file-shares",
    reader=PageOf(ModelOf(FileShare)),
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
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/file-share-api/list-file-shares",
)
_CREATE: Operation[FileShare] = Operation(
    id="create-file-share",
    name="file_shares.create",
    method="POST",
    path="/file-shares",
    reader=ModelOf(FileShare),
    body=(
        Argument("content", "content", ListOf(IdOf("fsf_", "fsd_")), required=True),
        Argument("customer_id", "customerId", IdOf("cst_")),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/file-share-api/create-file-share",
)


class FileShares(Resource):
    """File Share API (gedeelde bestanden)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[FileShare]:
        """List File Shares (gedeelde bestanden).

        All File Shares, paginated.

        Partly inferred, not documented: nullability, property types.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-share-api/list-file-shares
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        content: Sequence[str],
        customer_id: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> FileShare:
        """Create File Share (gedeelde bestanden).

        Share directories and files with a customer, or through a public link.

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            content: IDs of the directories and/or files to share. IDs with the prefix `fsf_` or `fsd_`.
            customer_id: Customer to share with; leave out for a public link. An ID with the prefix `cst_`. Not
                sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new File Share.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-share-api/create-file-share
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "content": content,
                "customer_id": customer_id,
            },
            (extra_query, extra_body, extra_headers),
        )


class FileSharesWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[FileShare]]:
        """List File Shares (gedeelde bestanden).

        All File Shares, paginated.

        Partly inferred, not documented: nullability, property types.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-share-api/list-file-shares
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        content: Sequence[str],
        customer_id: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[FileShare]:
        """Create File Share (gedeelde bestanden).

        Share directories and files with a customer, or through a public link.

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            content: IDs of the directories and/or files to share. IDs with the prefix `fsf_` or `fsd_`.
            customer_id: Customer to share with; leave out for a public link. An ID with the prefix `cst_`. Not
                sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/file-share-api/create-file-share
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "content": content,
                "customer_id": customer_id,
            },
            (extra_query, extra_body, extra_headers),
        )
