package seat

import (
	"context"
	"time"

	"github.com/alita-network/alita/node/home"
)

// CheckOnChain is the part of Check that asks a node.
func CheckOnChain(ctx context.Context, c checkedChain, s Settings, address string, held func() ([]string, error), now time.Time) []home.Finding {
	return checkOnChain(ctx, c, localFiles{s, address, held}, now)
}
