/* SPDX-License-Identifier: Apache-2.0 */
#include "hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

int hash_stream(struct stream *in, char digest[static DIGEST_SIZE], struct error *err)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	const void *data;
	long n;

	EVP_MD_CTX *context = EVP_MD_CTX_new();
	if (!context || !EVP_DigestInit_ex(context, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(context);
		return error_set(err, ENOMEM, "sha256");
	}
	while ((n = stream_read(in, STREAM_HASH, &data, err)) > 0)
		EVP_DigestUpdate(context, data, (size_t)n);
	EVP_DigestFinal_ex(context, sum, &length);
	EVP_MD_CTX_free(context);
	if (n < 0)
		return -1;
	char *to = stpcpy(digest, "sha256:");
	for (unsigned int i = 0; i < length && i < 32; i++)
		to += sprintf(to, "%02x", sum[i]);
	return 0;
}
