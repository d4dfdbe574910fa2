"""Agreements API (overeenkomst, contract, ondertekenen)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    BINARY,
    STRING,
    ListOf,
    ModelOf,
)
from ..._files import FileInput
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._progress import OnProgress
from ..._resource import Resource, first_page
from ..models.agreement import Agreement
from ..models.agreement_signer_input import AgreementSignerInput, AgreementSignerInputDict
from ..models.agreement_with_details import AgreementWithDetails
from ..models.download_link import DownloadLink

_LIST: Operation[Page[Agreement]] = Operation(
    id="list-agreements",
    name="agreements.list",
    method="GET",
    path="/agreements",
    reader=PageOf(ModelOf(Agreement)),
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
        "property types",
        "answer fields",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/list-agreements",
)
_CREATE: Operation[AgreementWithDetails] = Operation(
    id="create-agreement",
    name="agreements.create",
    method="POST",
    path="/agreements",
    reader=ModelOf(AgreementWithDetails),
    body=(
        Argument("name", "name", STRING, required=True),
        Argument("signer_name", "signerName", STRING, required=True),
        Argument("signer_signature_data", "signerSignatureData", STRING, required=True),
        Argument("signers", "signers", ListOf(ModelOf(AgreementSignerInput), most=5), required=True),
        Argument("documents", "documents", ListOf(BINARY, most=5), required=True),
    ),
    encoding="multipart",
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
        "multipart encoding",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/create-agreement",
)
_GET: Operation[AgreementWithDetails] = Operation(
    id="get-agreement",
    name="agreements.get",
    method="GET",
    path="/agreements/{agreementId}",
    reader=ModelOf(AgreementWithDetails),
    path_parameters=(PathParameter("agreement_id", "agreementId", "agr_"),),
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
        "error responses",
        "property types",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/get-agreement",
)
_GET_DOCUMENT_LINK: Operation[DownloadLink] = Operation(
    id="download-agreement-document",
    name="agreements.get_document_link",
    method="GET",
    path="/agreements/{agreementId}/documents/{documentId}/download",
    reader=ModelOf(DownloadLink),
    path_parameters=(
        PathParameter("agreement_id", "agreementId", "agr_"),
        PathParameter("document_id", "documentId", "agd_"),
    ),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    inferred=("error responses",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/download-agreement-document",
)


class Agreements(Resource):
    """Agreements API (overeenkomst, contract, ondertekenen)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Agreement]:
        """List Agreements (overeenkomst, contract, ondertekenen).

        Lists every agreement, page by page.

        Partly inferred, not documented: property types, answer fields.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/list-agreements
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        name: str,
        signer_name: str,
        signer_signature_data: str,
        signers: Sequence[AgreementSignerInput | AgreementSignerInputDict],
        documents: Sequence[FileInput],
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AgreementWithDetails:
        """Create agreement (overeenkomst, contract, ondertekenen).

        Makes a new agreement.

        Partly inferred, not documented: error responses, multipart encoding, property types, required list,
        success status.

        Args:
            name: Agreement name.
            signer_name: Who signs on behalf of the portal's company.
            signer_signature_data: Signature image as a base64 data string.
            signers: People who have to sign, as objects; at most 5 per agreement.
            documents: Files belonging to the agreement; at most 5, together at most 5MB. Each may be `bytes`, a
                `pathlib.Path`, an open binary file, an async iterable of bytes, or a `FileUpload`.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The agreement that was made.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/create-agreement
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "signer_name": signer_name,
                "signer_signature_data": signer_signature_data,
                "signers": signers,
                "documents": documents,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def get(
        self,
        agreement_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AgreementWithDetails:
        """Get Agreement (overeenkomst, contract, ondertekenen).

        Fetches one agreement by its ID.

        Partly inferred, not documented: error responses, property types.

        Args:
            agreement_id: Which agreement to fetch. An ID with the prefix `agr_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The agreement asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/get-agreement
        """
        return await self._call(_GET, (agreement_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def get_document_link(
        self,
        agreement_id: str,
        document_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> DownloadLink:
        """Download Agreement document (overeenkomst, contract, ondertekenen).

        Gives a URL for downloading the document; the URL lives 5 minutes.

        Partly inferred, not documented: error responses.

        Args:
            agreement_id: Agreement that holds the document. An ID with the prefix `agr_`.
            document_id: Agreement document to download. An ID with the prefix `agd_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Cloud file.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/download-agreement-document
        """
        return await self._call(
            _GET_DOCUMENT_LINK,
            (
                agreement_id,
                document_id,
            ),
            {},
            {},
            (extra_query, extra_body, extra_headers),
        )


class AgreementsWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[Agreement]]:
        """List Agreements (overeenkomst, contract, ondertekenen).

        Lists every agreement, page by page.

        Partly inferred, not documented: property types, answer fields.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/list-agreements
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        name: str,
        signer_name: str,
        signer_signature_data: str,
        signers: Sequence[AgreementSignerInput | AgreementSignerInputDict],
        documents: Sequence[FileInput],
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[AgreementWithDetails]:
        """Create agreement (overeenkomst, contract, ondertekenen).

        Makes a new agreement.

        Partly inferred, not documented: error responses, multipart encoding, property types, required list,
        success status.

        Args:
            name: Agreement name.
            signer_name: Who signs on behalf of the portal's company.
            signer_signature_data: Signature image as a base64 data string.
            signers: People who have to sign, as objects; at most 5 per agreement.
            documents: Files belonging to the agreement; at most 5, together at most 5MB. Each may be `bytes`, a
                `pathlib.Path`, an open binary file, an async iterable of bytes, or a `FileUpload`.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/create-agreement
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "signer_name": signer_name,
                "signer_signature_data": signer_signature_data,
                "signers": signers,
                "documents": documents,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def get(
        self,
        agreement_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[AgreementWithDetails]:
        """Get Agreement (overeenkomst, contract, ondertekenen).

        Fetches one agreement by its ID.

        Partly inferred, not documented: error responses, property types.

        Args:
            agreement_id: Which agreement to fetch. An ID with the prefix `agr_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/get-agreement
        """
        return await self._raw(_GET, (agreement_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def get_document_link(
        self,
        agreement_id: str,
        document_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[DownloadLink]:
        """Download Agreement document (overeenkomst, contract, ondertekenen).

        Gives a URL for downloading the document; the URL lives 5 minutes.

        Partly inferred, not documented: error responses.

        Args:
            agreement_id: Agreement that holds the document. An ID with the prefix `agr_`.
            document_id: Agreement document to download. An ID with the prefix `agd_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/agreements-api/download-agreement-document
        """
        return await self._raw(
            _GET_DOCUMENT_LINK,
            (
                agreement_id,
                document_id,
            ),
            {},
            {},
            (extra_query, extra_body, extra_headers),
        )
