"""Files API (bestand, map)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    BINARY,
    STRING,
    IdOf,
    ModelOf,
)
from ..._files import FileInput
from ..._operation import Argument, Operation, PathParameter
from ..._progress import OnProgress
from ..._resource import Resource
from ..._unset import UNSET, Unset
from ..models.download_link import DownloadLink
from ..models.file_or_directory import FileOrDirectory

_UPLOAD: Operation[FileOrDirectory] = Operation(
    id="post-files",
    name="files.upload",
    method="POST",
    path="/files",
    reader=ModelOf(FileOrDirectory),
    query=(Argument("directory", "directory", IdOf("fsd_")),),
    body=(Argument("file", "file", BINARY, required=True),),
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
        "property types",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/files-api/uploading-a-file-or-creating-a-directory",
)
_CREATE_DIRECTORY: Operation[FileOrDirectory] = Operation(
    id="post-files",
    name="files.create_directory",
    method="POST",
    path="/files",
    reader=ModelOf(FileOrDirectory),
    query=(Argument("directory", "directory", IdOf("fsd_")),),
    body=(Argument("name", "name", STRING, required=True),),
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
        "property types",
        "success status",
        "body fields",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/files-api/uploading-a-file-or-creating-a-directory",
)
_GET: Operation[FileOrDirectory] = Operation(
    id="get-file",
    name="files.get",
    method="GET",
    path="/files/{fileOrDirId}",
    reader=ModelOf(FileOrDirectory),
    path_parameters=(PathParameter("file_or_dir_id", "fileOrDirId", "fsf_", "fsd_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/files-api/get-file-or-directory",
)
_GET_DOWNLOAD_LINK: Operation[DownloadLink] = Operation(
    id="download-file",
    name="files.get_download_link",
    method="GET",
    path="/files/{fileId}/download",
    reader=ModelOf(DownloadLink),
    path_parameters=(PathParameter("file_id", "fileId", "fsf_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/files-api/download-file",
)


class Files(Resource):
    """Files API (bestand, map)."""

    async def upload(
        self,
        *,
        file: FileInput,
        directory: str | Unset = UNSET,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> FileOrDirectory:
        """Upload a file (bestand, map).

        The API has no list of files, so keep the ID of what you upload.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            file: File to upload. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable of
                bytes, or a `FileUpload`.
            directory: Parent directory for the new file or directory. An ID with the prefix `fsd_`. Not sent
                unless given.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            File or directory that was created.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/uploading-a-file-or-creating-a-directory
        """
        return await self._call(
            _UPLOAD,
            (),
            {
                "directory": directory,
            },
            {
                "file": file,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def create_directory(
        self,
        *,
        name: str,
        directory: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> FileOrDirectory:
        """Create a directory (bestand, map).

        The vendor does not document the fields of a new directory; `name` is inferred.

        Partly inferred, not documented: error responses, property types, success status, body fields.

        Args:
            name: Name of the directory.
            directory: Parent directory for the new file or directory. An ID with the prefix `fsd_`. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            File or directory that was created.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/uploading-a-file-or-creating-a-directory
        """
        return await self._call(
            _CREATE_DIRECTORY,
            (),
            {
                "directory": directory,
            },
            {
                "name": name,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        file_or_dir_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> FileOrDirectory:
        """Get File or Directory (bestand, map).

        Returns one file or directory.

        Args:
            file_or_dir_id: File or directory to return. An ID with the prefix `fsf_` or `fsd_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The file or directory asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/get-file-or-directory
        """
        return await self._call(_GET, (file_or_dir_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def get_download_link(
        self,
        file_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> DownloadLink:
        """Download file (bestand, map).

        Returns a download URL that works for 5 minutes; files only, not directories.

        Args:
            file_id: File to download. An ID with the prefix `fsf_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Link to the stored file.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/download-file
        """
        return await self._call(_GET_DOWNLOAD_LINK, (file_id,), {}, {}, (extra_query, extra_body, extra_headers))


class FilesWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def upload(
        self,
        *,
        file: FileInput,
        directory: str | Unset = UNSET,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[FileOrDirectory]:
        """Upload a file (bestand, map).

        The API has no list of files, so keep the ID of what you upload.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            file: File to upload. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable of
                bytes, or a `FileUpload`.
            directory: Parent directory for the new file or directory. An ID with the prefix `fsd_`. Not sent
                unless given.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/uploading-a-file-or-creating-a-directory
        """
        return await self._raw(
            _UPLOAD,
            (),
            {
                "directory": directory,
            },
            {
                "file": file,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def create_directory(
        self,
        *,
        name: str,
        directory: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[FileOrDirectory]:
        """Create a directory (bestand, map).

        The vendor does not document the fields of a new directory; `name` is inferred.

        Partly inferred, not documented: error responses, property types, success status, body fields.

        Args:
            name: Name of the directory.
            directory: Parent directory for the new file or directory. An ID with the prefix `fsd_`. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/uploading-a-file-or-creating-a-directory
        """
        return await self._raw(
            _CREATE_DIRECTORY,
            (),
            {
                "directory": directory,
            },
            {
                "name": name,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        file_or_dir_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[FileOrDirectory]:
        """Get File or Directory (bestand, map).

        Returns one file or directory.

        Args:
            file_or_dir_id: File or directory to return. An ID with the prefix `fsf_` or `fsd_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/get-file-or-directory
        """
        return await self._raw(_GET, (file_or_dir_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def get_download_link(
        self,
        file_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[DownloadLink]:
        """Download file (bestand, map).

        Returns a download URL that works for 5 minutes; files only, not directories.

        Args:
            file_id: File to download. An ID with the prefix `fsf_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/files-api/download-file
        """
        return await self._raw(_GET_DOWNLOAD_LINK, (file_id,), {}, {}, (extra_query, extra_body, extra_headers))
