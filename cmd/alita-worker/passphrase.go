package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

const maxPassphrase = 4096

// passphrase comes from the file, the environment or the terminal, in this order. A new one is asked for twice.
func (o *options) passphrase(prompt io.Writer, fresh bool) (string, error) {
	if o.passphraseFile != "" {
		return passphraseFromFile(o.passphraseFile)
	}
	if p := os.Getenv(envPassphrase); p != "" {
		return p, nil
	}
	fd := int(os.Stdin.Fd())
	if !term.IsTerminal(fd) {
		return "", fmt.Errorf("passphrase: expected --passphrase-file, %s or a terminal, got none", envPassphrase)
	}
	p, err := ask(prompt, fd, "Passphrase of the key file: ")
	if err != nil || !fresh {
		return p, err
	}
	again, err := ask(prompt, fd, "The same again: ")
	if err != nil {
		return "", err
	}
	if p != again {
		return "", errors.New("passphrase: expected the same one twice, got two different ones")
	}
	return p, nil
}

func ask(prompt io.Writer, fd int, text string) (string, error) {
	_, _ = fmt.Fprint(prompt, text)
	b, err := term.ReadPassword(fd)
	_, _ = fmt.Fprintln(prompt)
	return string(b), err
}

// passphraseFromFile reads a file of one line that only its owner may read.
func passphraseFromFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return "", fmt.Errorf("mode of passphrase file %s: expected 0600, got %04o; run chmod 600", path, mode)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxPassphrase+1))
	if err != nil {
		return "", err
	}
	p := strings.TrimRight(string(b), "\r\n")
	if p == "" || len(b) > maxPassphrase || strings.ContainsAny(p, "\r\n") {
		return "", fmt.Errorf("passphrase file %s: expected one line of 1 to %d bytes, got another content", path, maxPassphrase)
	}
	return p, nil
}
