package localnet

import (
	"context"

	"github.com/alita-network/alita/node/chain"
)

// trustArgs are the arguments of init by which workers and seats believe only what the chain proves. Another node than grpc is
// their witness; if there is none, they get a trust root.
func (n *Network) trustArgs(ctx context.Context, grpc string) ([]string, error) {
	for i := range n.nodes {
		if n.GRPC(i) != grpc {
			return []string{"--witness", n.GRPC(i)}, nil
		}
	}
	root, _, err := chain.FindRoot(ctx, ChainID, 0, n.GRPC(0))
	return []string{"--trust", root.String()}, err
}
