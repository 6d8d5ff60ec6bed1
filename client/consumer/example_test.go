package consumer_test

import (
	"context"
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
	ctx, home := context.Background(), os.Getenv("ALITA_HOME")
	conn := must(tx.Dial(os.Getenv("ALITA_GRPC"), grpc.WithTransportCredentials(insecure.NewCredentials())))
	keys := must(keyring.New("alita", keyring.BackendTest, home, nil, tx.Codec()))
	sender := tx.Client{Conn: conn, Signer: must(tx.FromKeyring(keys, "consumer")), ChainID: "alita-local-1"}
	payer := consumer.Client{Sender: &sender, Home: home}
	quote := must(payer.Quote(ctx, consumer.Request{
		PoolID: 1, PricePerMop: math.NewInt(1_000_000),
		Question: consumer.Question{Parameters: &analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "speed_km_s", Bits: 20}}}},
	}))
	run := must(payer.Open(ctx, quote))
	must(run.Follow(ctx, nil))
	must(0, must(run.Answer().Result, run.Answer().Err()).WriteText(os.Stdout))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
