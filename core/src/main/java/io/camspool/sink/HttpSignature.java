package io.camspool.sink;

/// A header that shows that the sender knows a secret.
///
/// @param header its name
/// @param algorithm how it is made
/// @param secret key of an HMAC; also `${secret}` of the template
/// @param template what is signed: text with `${body}` `${timestamp}` `${timestampMillis}`
///   `${nonce}` `${secret}` `${token}`
/// @param encoding of the result
/// @param prefix stands before the result, as `sha256=`
public record HttpSignature(
        String header,
        Algorithm algorithm,
        Secret secret,
        String template,
        Encoding encoding,
        String prefix) {
    public enum Algorithm {
        HMAC_SHA256,
        /// Only for platforms that want it: give the template a `${secret}`.
        MD5
    }

    public enum Encoding {
        /// Lower case.
        HEX,
        BASE64
    }

    public HttpSignature {
        HttpSettings.checkHeader("http.signature.header", header);
    }

    /// HMAC-SHA256 of the body, in hexadecimal digits.
    public static HttpSignature ofBody(String header, Secret secret) {
        return new HttpSignature(
                header, Algorithm.HMAC_SHA256, secret, "${body}", Encoding.HEX, "");
    }

    /// Signs this text instead.
    public HttpSignature withTemplate(String text) {
        return new HttpSignature(header, algorithm, secret, text, encoding, prefix);
    }

    public HttpSignature withAlgorithm(Algorithm changed) {
        return new HttpSignature(header, changed, secret, template, encoding, prefix);
    }

    public HttpSignature withEncoding(Encoding changed) {
        return new HttpSignature(header, algorithm, secret, template, changed, prefix);
    }

    public HttpSignature withPrefix(String text) {
        return new HttpSignature(header, algorithm, secret, template, encoding, text);
    }
}
