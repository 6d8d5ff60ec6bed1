package metadata

import (
	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/metadata/types"
)

// buildContent makes what a version states: everything about the file that is public, and where it lies sealed to
// the workers. label binds the sealed part to the record (seal.RecordLabel).
func buildContent(label []byte, imported document.Imported, local *localFile, workers []seal.PublicKey) (types.VersionContent, error) {
	plain, err := local.location.Marshal()
	if err != nil {
		return types.VersionContent{}, err
	}
	sealed, err := seal.Seal(label, plain, workers)
	clear(plain)
	if err != nil {
		return types.VersionContent{}, err
	}
	return types.VersionContent{
		Version:    imported.Version,
		Dataset:    imported.Dataset,
		Commitment: local.rowCommitment(),
		Location:   types.NewSealedLocation(sealed),
	}, nil
}
