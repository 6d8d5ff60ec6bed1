package consumer_test

import (
	"context"
	"fmt"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keyring"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/client/tx"
)

// Open a job on a network, wait for it, and print the verified answer.
func Example() {
	if err := ask(context.Background(), os.Getenv("ALITA_GRPC"), os.Getenv("ALITA_HOME")); err != nil {
		fmt.Println(err)
	}
}

func ask(ctx context.Context, node, home string) error {
	conn, err := tx.Dial(node, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	keys, err := keyring.New("alita", keyring.BackendTest, home, nil, tx.Codec())
	if err != nil {
		return err
	}
	signer, err := tx.FromKeyring(keys, "consumer")
	if err != nil {
		return err
	}
	payer := consumer.Client{Sender: &tx.Client{Conn: conn, Signer: signer, ChainID: "alita-local-1"}, Home: home}
	quote, err := payer.Quote(ctx, consumer.Request{
		PoolID: 1, PricePerMop: math.NewInt(1_000_000),
		Question: consumer.Question{Parameters: &analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "speed_km_s", Bits: 20}}}},
	})
	if err != nil {
		return err
	}
	run, err := payer.Open(ctx, quote)
	if err != nil {
		return err
	}
	if _, err := run.Follow(ctx, nil); err != nil {
		return err
	}
	answer := run.Answer()
	if answer.Result == nil {
		return answer.Err()
	}
	return answer.Result.WriteText(os.Stdout)
}
