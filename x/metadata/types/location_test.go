package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/metadata/types"
)

func TestWorkerKeyIDIsTheStanzas(t *testing.T) {
	key, err := seal.GenerateKey()
	require.NoError(t, err)
	sealed, err := seal.Seal([]byte("label"), []byte("/data/rows.csv"), []seal.PublicKey{key.Public()})
	require.NoError(t, err)
	require.Equal(t, sealed.Stanzas[0].KeyID, types.WorkerKeyID(key.Public().Bytes()))

	location := types.NewSealedLocation(sealed)
	require.Equal(t, sealed, location.Sealed())
	require.NoError(t, types.ValidateLocation(location))
	location.Body = []byte("/data/secret.csv")
	err = types.ValidateLocation(location)
	require.ErrorIs(t, err, types.ErrNotSealed)
	require.NotContains(t, err.Error(), "secret")
}
