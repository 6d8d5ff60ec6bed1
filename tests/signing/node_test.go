package signing_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	apptest "github.com/alita-network/alita/testutil/app"
)

// signed is a transaction that Node has signed.
type signed struct {
	Message string `json:"message"`
	Variant string `json:"variant"`
	Form    string `json:"form"`
	Hash    string `json:"hash"` // of the amino sign document, empty in SIGN_MODE_DIRECT
	Tx      []byte `json:"tx"`
}

// TestSignFromNode signs all vectors with CosmJS, in every form in which a page may hold the message, and has the application's ante
// handler verify the signatures. It needs Node and the packages of the folder node: make test-signing.
func TestSignFromNode(t *testing.T) {
	if *write {
		t.Skip("the vectors are being written")
	}
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat("node/node_modules")
	}
	if err != nil && os.Getenv("ALITA_NODE") == "" {
		t.Skip("needs Node and the packages of tests/signing/node: make test-signing")
	}
	require.NoError(t, err)
	published, err := os.ReadFile(vectorsFile)
	require.NoError(t, err)
	var all vectors
	require.NoError(t, json.Unmarshal(published, &all))
	input, err := json.Marshal(map[string]any{
		"descriptors": base64.StdEncoding.EncodeToString(descriptors(t)), "signer": all.Signer, "vectors": all.Vectors,
	})
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), node, "node/sign.mjs")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	var txs []signed
	require.NoError(t, json.Unmarshal(out, &txs))

	verify := verifier(t, all.Signer)
	hashes := map[string]string{}
	for _, v := range all.Vectors {
		hashes[v.Message+v.Variant] = v.AminoSHA256
	}
	accepted, failed := map[string]map[string]int{}, 0
	for _, tx := range txs {
		if accepted[tx.Form] == nil {
			accepted[tx.Form] = map[string]int{}
		}
		if err := verify(tx.Tx); err != nil {
			failed++
			t.Errorf("%s, %s, %s: %s; if TestVectors fails, too: %s", tx.Message, tx.Variant, tx.Form, err, stale)
			continue
		}
		// A time that is absent is another one for JavaScript, which writes it.
		if tx.Hash != "" && tx.Variant != absent {
			require.Equal(t, hashes[tx.Message+tx.Variant], tx.Hash, "%s, %s, %s: if TestVectors fails, too: %s", tx.Message, tx.Variant, tx.Form, stale)
		}
		accepted[tx.Form][tx.Variant]++
	}
	n := len(messages(t))
	for form, counts := range accepted {
		for _, variant := range variants {
			t.Logf("%s, %s: %d of %d messages", form, variant, counts[variant], n)
		}
	}
	require.Len(t, accepted, 6)
	require.Zero(t, failed)
	require.Len(t, txs, n*(6*len(variants)-1), "the usual converter needs every amount")
	// A check that cannot fail would accept anything.
	broken := bytes.Clone(txs[0].Tx)
	broken[len(broken)-1] ^= 1
	require.ErrorContains(t, verify(broken), "signature verification failed")
}

// verifier returns a check of a transaction by the ante handler, on a chain on which the signer has the number and the
// sequence of the vectors.
func verifier(t *testing.T, by signerDoc) func(tx []byte) error {
	t.Helper()
	chain := apptest.New(t, apptest.WithFunded(1_000_000_000, signer.Name))
	ctx := chain.Ctx()
	account := chain.App.AccountKeeper.GetAccount(ctx, signer.Address())
	require.NoError(t, account.SetAccountNumber(by.AccountNumber))
	require.NoError(t, account.SetSequence(by.Sequence))
	chain.App.AccountKeeper.SetAccount(ctx, account)
	return func(bz []byte) error {
		tx, err := chain.App.TxConfig().TxDecoder()(bz)
		if err != nil {
			return err
		}
		cached, _ := ctx.CacheContext()
		_, err = chain.App.AnteHandler()(cached.WithTxBytes(bz), tx, false)
		return err
	}
}

// descriptors returns the files of the chain's own modules and what they import, each after its imports.
func descriptors(t *testing.T) []byte {
	t.Helper()
	var set descriptorpb.FileDescriptorSet
	seen := map[string]bool{}
	var add func(file protoreflect.FileDescriptor)
	add = func(file protoreflect.FileDescriptor) {
		if seen[file.Path()] {
			return
		}
		seen[file.Path()] = true
		for i := range file.Imports().Len() {
			imported, err := gogoproto.HybridResolver.FindFileByPath(file.Imports().Get(i).Path())
			require.NoError(t, err)
			add(imported)
		}
		set.File = append(set.File, protodesc.ToFileDescriptorProto(file))
	}
	for _, msg := range messages(t) {
		add(msg.ParentFile())
	}
	bz, err := proto.Marshal(&set)
	require.NoError(t, err)
	return bz
}
