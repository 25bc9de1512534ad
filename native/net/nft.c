/*
 * berth-nft: applies the nftables ruleset on its standard input as one transaction. Complaints go to standard
 * output. Exit status 0 or 1. A process of its own so that libnftables' memory lives for milliseconds.
 */
#include <nftables/libnftables.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	char *text = NULL;
	size_t len = 0;
	int result;

	if (!nft || getdelim(&text, &len, '\0', stdin) < 0) {
		puts("cannot read the ruleset");
		return 1;
	}
	nft_ctx_set_output(nft, stdout);
	nft_ctx_set_error(nft, stdout);
	result = nft_run_cmd_from_buffer(nft, text);
	nft_ctx_free(nft);
	free(text);
	return result ? 1 : 0;
}
