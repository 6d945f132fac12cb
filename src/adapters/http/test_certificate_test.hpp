// For tests: a self-signed certificate, made anew for each run, in a folder that goes with it.
#pragma once

#include "adapters/http/server.hpp"
#include "core/bytes.hpp"
#include "tests/support/temporary_folder.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace iwas::http::testing {

class TestCertificate {
public:
    explicit TestCertificate(const std::string& name)
    {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* certificate = X509_new();
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        X509_NAME* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
            -1, 0);
        X509_set_issuer_name(certificate, subject);
        X509_sign(certificate, key, EVP_sha256());
        unsigned size = 0;
        X509_digest(certificate, EVP_sha256(), digest_.data(), &size);
        const auto write = [](const std::filesystem::path& path, auto writer) {
            std::FILE* file = std::fopen(path.c_str(), "w");
            if (file == nullptr) throw std::runtime_error{"cannot write " + path.string()};
            writer(file);
            std::fclose(file);
        };
        write(folder_.path() / "cert.pem", [&](std::FILE* f) { PEM_write_X509(f, certificate); });
        write(folder_.path() / "key.pem", [&](std::FILE* f) {
            PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
        });
        X509_free(certificate);
        EVP_PKEY_free(key);
    }

    [[nodiscard]] TlsFiles files() const
    {
        return {(folder_.path() / "cert.pem").string(), (folder_.path() / "key.pem").string()};
    }
    [[nodiscard]] std::string sha256_hex() const { return to_hex(digest_); }

private:
    tests::TemporaryFolder folder_;
    std::array<std::uint8_t, 32> digest_{};
};

} // namespace iwas::http::testing
