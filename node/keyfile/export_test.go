package keyfile

// WriteFast is Write with a small work factor, so that tests do not wait for scrypt.
func WriteFast(path string, keys Keys, passphrase string) error {
	return write(path, keys, passphrase, 4)
}

// Decrypt is what Read does once it has the bytes.
var Decrypt = decrypt
