package publisher_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/metadata/types"
)

// An owner checks a document before it is registered: without a licence it is refused, and contact data stay off the
// chain. The owner then supplies the licence.
func ExampleCheck() {
	doc := []byte(`{
		"@context": "https://schema.org/",
		"@type": "Dataset",
		"name": "Balance",
		"description": "Readings of a balance in a cellar, taken once an hour over one winter.",
		"creator": {"@type": "Person", "name": "Ada Example", "email": "ada@example.org"},
		"keywords": ["weight", "cellar"]
	}`)
	draft, err := publisher.Check(doc, document.Options{}, nil, nil)
	if err != nil {
		fmt.Println(err) // not JSON, or no Dataset in it
		return
	}
	for _, finding := range draft.Findings {
		fmt.Println(finding.Severity, finding.Path)
	}
	fmt.Println(draft.Refusal())

	draft, err = publisher.Check(doc, document.Options{License: "CC BY 4.0"}, nil, nil)
	fmt.Println(err, draft.Refusal(), draft.Dataset.License)
	// Output:
	// error $.license
	// warning $.distribution
	// warning $.creator.email
	// the record is refused: 1 of the findings say why
	// <nil> <nil> CC-BY-4.0
}

// An owner registers a file of two rows in pool 3. The file stays where it is: the chain gets a commitment to its rows,
// and its location, sealed to the owner's workers. With a real node, Conn comes from tx.Dial.
func ExamplePublisher_Register() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "data.csv")
	if err := os.WriteFile(path, []byte("weight\n1.5\n2\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	file, err := publisher.ReadFile(path, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	draft, err := publisher.Check([]byte(balance), document.Options{Version: "1.0.0"}, file, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	owner := publisher.Publisher{Client: &tx.Client{
		Conn: exampleNode(), Signer: tx.FromKey(secp256k1.GenPrivKeyFromSecret([]byte("ada"))), ChainID: "alita-1",
		Gas: 200_000, Fees: sdk.NewCoins(sdk.NewInt64Coin("ualita", 500)),
	}}
	done, err := owner.Register(context.Background(), 3, draft)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(done.Version, done.Status, len(done.Workers), "worker")
	// Output: 1.0.0 VERSION_STATUS_PENDING 1 worker
}

// exampleNode stands in for a node of a chain on which the owner has one worker.
func exampleNode() *fakeNode {
	key, err := seal.GenerateKey()
	if err != nil {
		panic(err)
	}
	return &fakeNode{
		workers:  []types.Worker{{Address: "worker", Owner: "alita1frwn3n5cscp0n2n8v5yyuxgqfh6w8w8rrhtgqe", PublicKey: key.Public().Bytes()}},
		response: &types.MsgRegisterRecordResponse{Status: types.VERSION_STATUS_PENDING},
	}
}
