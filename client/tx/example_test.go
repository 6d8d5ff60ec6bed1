package tx_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/types"
)

// A trader sells 5 ALITA, and reads from the error what is known about the trade. With a real node, Conn comes from
// tx.Dial, and the signer from a keyring.
func ExampleClient_Send() {
	ctx := context.Background()
	client := &tx.Client{
		Conn: &fakeNode{t: new(testing.T)}, Signer: tx.FromKey(secp256k1.GenPrivKeyFromSecret([]byte("ada"))), ChainID: chainID,
	}
	sender, err := client.Address()
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := client.Send(ctx, &types.MsgSwapExactIn{
		Sender: sender, PoolId: 1, TokenIn: sdk.NewInt64Coin("ualita", 5_000_000), MinOut: math.NewInt(45_000_000),
		Deadline: time.Date(2026, 11, 21, 8, 1, 0, 0, time.UTC),
	})
	var refused *tx.RefusedError
	switch {
	case errors.As(err, &refused):
		fmt.Println("refused:", refused.Reason)
	case errors.Is(err, tx.ErrPending):
		fmt.Println("may still be in a block")
	case err != nil:
		fmt.Println("not sent:", err)
	default:
		fmt.Printf("%s in block %d\n", res.TxHash, res.Height)
	}
	// Output: AB in block 12
}
