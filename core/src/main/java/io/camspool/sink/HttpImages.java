package io.camspool.sink;

import io.camspool.CamspoolException;
import java.util.Map;
import java.util.TreeMap;

/// How images and other files go by HTTP: one request each.
///
/// @param url template of the address: `https://host/path/{key}`
/// @param method `PUT` or `POST`
/// @param parallel requests under way at once, 1 to 64
/// @param form what the body is
public record HttpImages(String url, String method, int parallel, Form form) {
    private static final int PARALLEL = 16;

    /// Bodies of image requests.
    public sealed interface Form {}

    /// The file's bytes.
    public record Plain() implements Form {}

    /// JSON with the file in base64.
    ///
    /// @param body template with `${image:base64}`
    public record Json(String body) implements Form {}

    /// `multipart/form-data`.
    ///
    /// @param fileField name of the field with the file
    /// @param fields templates of the others by name
    public record Multipart(String fileField, Map<String, String> fields) implements Form {
        public Multipart {
            fields = new TreeMap<>(fields);
            checkField(fileField);
            fields.keySet().forEach(Multipart::checkField);
        }

        private static void checkField(String name) {
            if (!name.matches("[A-Za-z0-9_.\\[\\]-]{1,64}")) {
                throw CamspoolException.invalid(
                        "http.images-multipart",
                        name,
                        "names of 1 to 64 letters, digits and _.-[]");
            }
        }
    }

    public HttpImages {
        HttpSettings.checkUrl("http.images-url", url);
        if (!method.equals("PUT") && !method.equals("POST")) {
            throw CamspoolException.invalid("http.images-method", method, "PUT, POST");
        }
        if (parallel < 1 || parallel > Batching.MAX_PARALLEL) {
            throw CamspoolException.invalid(
                    "http.images-parallel", parallel, "1 to " + Batching.MAX_PARALLEL);
        }
    }

    /// `PUT` of the bytes, up to 16 at once.
    public static HttpImages to(String url) {
        return new HttpImages(url, "PUT", PARALLEL, new Plain());
    }

    public HttpImages withMethod(String changed) {
        return new HttpImages(url, changed, parallel, form);
    }

    public HttpImages withParallel(int requests) {
        return new HttpImages(url, method, requests, form);
    }

    /// `POST` of a body of this form.
    public HttpImages withForm(Form changed) {
        return new HttpImages(url, "POST", parallel, changed);
    }
}
